const STAR = 42

/**
 * Whether all of `text` matches `pattern`, in which `*` stands for any run of characters (dots too)
 * and everything else for itself, case included. No regular expression is made of policy text: the
 * worst case is the product of the two lengths, and a pattern has at most 256 characters.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0
  let next = 0
  let afterStar = -1
  let retryAt = 0
  while (at < text.length) {
    // The star first: a text may hold one too, and then it is an ordinary character.
    if (pattern.charCodeAt(next) === STAR) {
      next += 1
      afterStar = next
      retryAt = at
    } else if (pattern.charCodeAt(next) === text.charCodeAt(at)) {
      next += 1
      at += 1
    } else if (afterStar === -1) {
      return false
    } else {
      // Only the last star can usefully take more, so nothing before it is tried again.
      retryAt += 1
      at = retryAt
      next = afterStar
    }
  }
  while (pattern.charCodeAt(next) === STAR) next += 1
  return next === pattern.length
}
