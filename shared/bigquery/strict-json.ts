import { type Result, err, ok } from '../kernel/result.ts'

const MAX_DEPTH = 64

/**
 * Parses a JSON document that two readers cannot understand differently: valid UTF-8 without a byte
 * order mark, no duplicate or `__proto__` keys, no integer beyond 2^53, at most 64 levels.
 *
 * Returns what is wrong, for the caller to read; never throws.
 */
export function parseStrictJson(bytes: Uint8Array): Result<unknown, string> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return err('the body is not valid UTF-8')
  }
  if (text.startsWith('\u{FEFF}')) return err('the body starts with a byte order mark')
  let unsafe: string | undefined
  let value: unknown
  try {
    value = JSON.parse(text, (key, member: unknown) => {
      // A rounded number is not what the client wrote.
      if (Number.isInteger(member) && !Number.isSafeInteger(member)) unsafe ??= key
      return member
    })
  } catch {
    return err('the body is not valid JSON')
  }
  if (unsafe !== undefined) return err(`number too large at \`${unsafe}\`; send it as a string`)
  const problem = readingProblem(text)
  return problem === undefined ? ok(value) : err(problem)
}

/** Walks text that is known to be valid JSON, looking only at its keys and its depth. */
function readingProblem(text: string): string | undefined {
  // One level per open bracket: the keys seen so far for an object, undefined for an array.
  const levels: (Set<string> | undefined)[] = []
  let keyExpected = false
  for (let i = 0; i < text.length; i++) {
    switch (text.charAt(i)) {
      case '"': {
        const start = i
        for (i++; text.charAt(i) !== '"'; i++) if (text.charAt(i) === '\\') i++
        if (!keyExpected) break
        const key = String(JSON.parse(text.slice(start, i + 1)))
        const keys = levels.at(-1)
        if (keys?.has(key) === true) return `duplicate key \`${key}\``
        if (key === '__proto__') return 'the key `__proto__` is not allowed'
        keys?.add(key)
        keyExpected = false
        break
      }
      case '{':
        levels.push(new Set())
        keyExpected = true
        break
      case '[':
        levels.push(undefined)
        keyExpected = false
        break
      case '}':
      case ']':
        levels.pop()
        keyExpected = false
        break
      case ',':
        keyExpected = levels.at(-1) !== undefined
        break
      default:
    }
    if (levels.length > MAX_DEPTH) return `the body nests deeper than ${MAX_DEPTH} levels`
  }
  return undefined
}
