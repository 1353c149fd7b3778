import { type Result, err, ok } from '../kernel/result.ts'

/**
 * Fifteen STRUCTs in each other, which is BigQuery's limit, take three levels each. Canonical JSON
 * ends at 96, so whatever is read here can be recorded.
 */
const MAX_DEPTH = 64
/**
 * Whoever validates a body may spend microseconds on each member. A list of parameters takes two per
 * element, so this is room for a hundred thousand ids.
 */
const MAX_VALUES = 200_000
/** A table of BigQuery's has at most so many columns, and nothing in a request has more names. */
const MAX_KEYS = 10_000
/** Attacker-controlled: a key may be megabytes long. */
const MAX_QUOTED = 200

const NOT_JSON = 'the body is not valid JSON'

/**
 * Parses a JSON document that two readers cannot understand differently, and that the record can
 * hold: valid UTF-8 without a byte order mark or half a surrogate pair, no duplicate or `__proto__`
 * keys, no integer beyond 2^53, at most 64 levels, 200,000 members and elements in all, and 10,000
 * members in one object.
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
  try {
    // Before it is parsed: a million brackets would keep `JSON.parse` busy for seconds.
    const problem = readingProblem(text)
    if (problem !== undefined) return err(problem)
    const value: unknown = JSON.parse(text)
    return ok(value)
  } catch {
    return err(NOT_JSON)
  }
}

/**
 * Walks the strings, numbers and brackets of a text. What it says of a text that is not JSON means
 * nothing; it may throw then.
 */
function readingProblem(text: string): string | undefined {
  // One level per open bracket: the keys seen so far for an object, undefined for an array.
  const levels: (Set<string> | undefined)[] = []
  let keyExpected = false
  let lastKey = ''
  let values = 1
  for (let i = 0; i < text.length; i++) {
    switch (text.charAt(i)) {
      case '"': {
        const end = stringEnd(text, i)
        const raw = text.slice(i, end)
        i = end - 1
        // `"\ud800"` is JSON, but no text: the next writer makes something else of it.
        if (/\\u[dD]/.test(raw) && !readString(raw).isWellFormed())
          return 'the body holds half of a surrogate pair, which is not valid Unicode'
        if (!keyExpected) break
        keyExpected = false
        lastKey = readString(raw)
        const keys = levels.at(-1)
        if (keys?.has(lastKey) === true) return `duplicate key \`${cut(lastKey)}\``
        if (lastKey === '__proto__') return 'the key `__proto__` is not allowed'
        keys?.add(lastKey)
        if (keys !== undefined && keys.size > MAX_KEYS)
          return `an object in the body has more than ${MAX_KEYS} members`
        break
      }
      case '{':
        values++
        levels.push(new Set())
        keyExpected = true
        break
      case '[':
        values++
        levels.push(undefined)
        keyExpected = false
        break
      case '}':
      case ']':
        levels.pop()
        keyExpected = false
        break
      case ',':
        values++
        keyExpected = levels.at(-1) !== undefined
        break
      default: {
        const digits = digitsAt(text, i)
        if (digits === '') break
        i += digits.length - 1
        const number = Number(digits)
        // A rounded number is not what the client wrote.
        if (number === Infinity || (Number.isInteger(number) && !Number.isSafeInteger(number)))
          return `number too large at \`${cut(lastKey)}\`; send it as a string`
      }
    }
    if (values > MAX_VALUES) return `the body holds more than ${MAX_VALUES} values`
    if (levels.length > MAX_DEPTH) return `the body nests deeper than ${MAX_DEPTH} levels`
  }
  return undefined
}

/** Index after the quote that ends the string which opens at `open`, or after the text. */
function stringEnd(text: string, open: number): number {
  let i = open + 1
  while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === '\\' ? 2 : 1
  return i + 1
}

function readString(raw: string): string {
  return raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1)
}

const NUMBER = /[\d.eE+-]+/y

/** The number without its sign that starts at `start`; empty when there is none. */
function digitsAt(text: string, start: number): string {
  const first = text.charAt(start)
  if (first < '0' || first > '9') return ''
  NUMBER.lastIndex = start
  return NUMBER.exec(text)?.[0] ?? ''
}

const cut = (key: string): string => key.slice(0, MAX_QUOTED)
