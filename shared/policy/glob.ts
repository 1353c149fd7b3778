const STAR = 42
const END = -1

/** The part of a table's name that makes it one of BigQuery's own views of a dataset. */
const SCHEMA_VIEWS = 'INFORMATION_SCHEMA'

/**
 * `string.glob(pattern)` of conditions: `matchesGlob`, but that a dataset's `INFORMATION_SCHEMA` is
 * matched only by a pattern that names it. Its views list every table of the dataset, so a rule about
 * the tables of a dataset is no rule about them.
 */
export function matchesName(name: string, pattern: string): boolean {
  if (name.includes(`.${SCHEMA_VIEWS}.`) && !pattern.includes(SCHEMA_VIEWS)) return false
  return matchesGlob(name, pattern)
}

/** `matchesName`, but that names which differ in case only are one. */
export function matchesNameInAnyCase(name: string, pattern: string): boolean {
  const folded = pattern.toUpperCase()
  if (name.includes(`.${SCHEMA_VIEWS}.`) && !folded.includes(SCHEMA_VIEWS)) return false
  return matchesGlob(name.toUpperCase(), folded)
}

/**
 * Whether all of `text` matches `pattern`, in which `*` stands for any run of characters (dots too)
 * and everything else for itself, case included. No regular expression is made of policy text: the
 * worst case is the product of the two lengths, and a pattern has at most 256 characters.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0
  let next = 0
  let afterStar = END
  let retryAt = 0
  while (at < text.length) {
    const wanted = next < pattern.length ? pattern.charCodeAt(next) : END
    // The star first: a text may hold one too, and then it is an ordinary character.
    if (wanted === STAR) {
      next += 1
      if (next === pattern.length) return true
      afterStar = next
      retryAt = at
    } else if (wanted === text.charCodeAt(at)) {
      next += 1
      at += 1
    } else if (afterStar === END) {
      return false
    } else {
      // Only the last star can usefully take more, so nothing before it is tried again.
      retryAt += 1
      at = retryAt
      next = afterStar
    }
  }
  while (next < pattern.length && pattern.charCodeAt(next) === STAR) next += 1
  return next === pattern.length
}
