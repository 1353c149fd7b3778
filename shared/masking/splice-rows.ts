import { type Result, err, ok } from '../kernel/result.ts'
import type { Plan } from './mask-plan.ts'
import type { MaskCell } from './mask-scalar.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const LETTER_F = 0x66
const LETTER_N = 0x6e
const LETTER_V = 0x76

/**
 * `rows`, the bytes of the array of rows of a reply, with its cells masked: runs between masked cells are
 * copied, and only masked cells are decoded. `plans` has one for each column.
 *
 * Returns an error for rows of any other shape than `[{"f":[{"v":…},…]},…]` with as many cells as there are
 * plans; nothing of them may leave then.
 */
export function spliceRows(
  rows: Buffer,
  plans: readonly Plan[],
): Result<Buffer, 'unexpected-shape'> {
  const splicer = new Splicer(rows)
  return splicer.run(plans) ? ok(splicer.result()) : err('unexpected-shape')
}

/** One pass over the bytes. Methods move `at` behind what they read, or return false. */
class Splicer {
  readonly #bytes: Buffer
  #at = 0
  #copied = 0
  #out: Buffer
  #length = 0
  #isPlain = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#out = Buffer.allocUnsafe(bytes.length + 1024)
  }

  run(plans: readonly Plan[]): boolean {
    if (!this.#eat(OPEN_ARRAY)) return false
    if (this.#peek() === CLOSE_ARRAY) this.#at++
    else {
      do if (!this.#struct(plans)) return false
      while (this.#eat(COMMA))
      if (!this.#eat(CLOSE_ARRAY)) return false
    }
    this.#skipSpace()
    return this.#at === this.#bytes.length
  }

  result(): Buffer {
    this.#copyUntil(this.#bytes.length)
    return this.#out.subarray(0, this.#length)
  }

  /** `{"f":[{"v":…},…]}`: a row, or a STRUCT in one. */
  #struct(plans: readonly Plan[]): boolean {
    if (!this.#key(LETTER_F) || !this.#eat(OPEN_ARRAY)) return false
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]
      if (plan === undefined || (i > 0 && !this.#eat(COMMA)) || !this.#cell(plan)) return false
    }
    return this.#eat(CLOSE_ARRAY) && this.#eat(CLOSE_OBJECT)
  }

  /** `{"v":…}`. */
  #cell(plan: Plan): boolean {
    return this.#key(LETTER_V) && this.#value(plan) && this.#eat(CLOSE_OBJECT)
  }

  #value(plan: Plan): boolean {
    const first = this.#peek()
    const start = this.#at
    switch (plan.kind) {
      case 'copy':
        return this.#skipValue()
      case 'constant':
        if (!this.#skipValue()) return false
        this.#put(start, plan.json)
        return true
      case 'cell':
        return this.#mask(plan.mask)
      case 'array':
        if (first === LETTER_N) return this.#null()
        if (!this.#eat(OPEN_ARRAY)) return false
        if (this.#eat(CLOSE_ARRAY)) return true
        do if (!this.#cell(plan.element)) return false
        while (this.#eat(COMMA))
        return this.#eat(CLOSE_ARRAY)
      case 'struct':
        return first === LETTER_N ? this.#null() : this.#struct(plan.fields)
    }
  }

  #mask(mask: MaskCell): boolean {
    const start = this.#at
    let text: string | null | undefined = null
    if (this.#bytes[start] === QUOTE) {
      if (!this.#skipString()) return false
      text = this.#isPlain
        ? this.#bytes.toString('latin1', start + 1, this.#at - 1)
        : readString(this.#bytes, start, this.#at)
      if (text === undefined) return false
    } else if (!this.#null()) return false
    const masked = mask(text)
    if (masked === text) return true
    this.#copyUntil(start)
    const json = JSON.stringify(masked)
    // A unit of text is at most three bytes.
    this.#reserve(3 * json.length)
    this.#length += this.#out.write(json, this.#length)
    this.#copied = this.#at
    return true
  }

  /** Puts `json` in place of what was read since `start`. */
  #put(start: number, json: Buffer): void {
    this.#copyUntil(start)
    this.#append(json, 0, json.length)
    this.#copied = this.#at
  }

  #copyUntil(end: number): void {
    this.#append(this.#bytes, this.#copied, end)
    this.#copied = end
  }

  #append(source: Buffer, start: number, end: number): void {
    const length = end - start
    this.#reserve(length)
    const out = this.#out
    let to = this.#length
    // For less than that, calling out of JavaScript takes longer than copying.
    if (length < 64) for (let i = start; i < end; i++) out[to++] = source[i] ?? 0
    else source.copy(out, to, start, end)
    this.#length += length
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#out.length) return
    const larger = Buffer.allocUnsafe(2 * this.#out.length + more)
    this.#out.copy(larger, 0, 0, this.#length)
    this.#out = larger
  }

  /** `{"k":` with one letter for a key. */
  #key(letter: number): boolean {
    return (
      this.#eat(OPEN_OBJECT) &&
      this.#eat(QUOTE) &&
      this.#bytes[this.#at++] === letter &&
      this.#bytes[this.#at++] === QUOTE &&
      this.#eat(COLON)
    )
  }

  #null(): boolean {
    if (this.#bytes.toString('latin1', this.#at, this.#at + 4) !== 'null') return false
    this.#at += 4
    return true
  }

  #skipValue(): boolean {
    const first = this.#peek()
    if (first === QUOTE) return this.#skipString()
    if (first === LETTER_N) return this.#null()
    return (first === OPEN_ARRAY || first === OPEN_OBJECT) && this.#skipNested()
  }

  /** Afterwards `#isPlain` says whether it is ASCII without escapes. */
  #skipString(): boolean {
    const bytes = this.#bytes
    const { length } = bytes
    let high = 0
    let escapes = false
    for (let i = this.#at + 1; i < length; i++) {
      const byte = bytes[i] ?? 0
      if (byte === QUOTE) {
        this.#at = i + 1
        this.#isPlain = high < 0x80 && !escapes
        return true
      }
      high |= byte
      if (byte === BACKSLASH) {
        escapes = true
        i++
      }
    }
    return false
  }

  /** An ARRAY or STRUCT that is copied: read only to find its end. */
  #skipNested(): boolean {
    let depth = 0
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) return false
      if (byte === QUOTE) {
        if (!this.#skipString()) return false
        continue
      }
      this.#at++
      if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++
      else if ((byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) && --depth === 0) return true
    }
  }

  #eat(byte: number): boolean {
    if (this.#peek() !== byte) return false
    this.#at++
    return true
  }

  #peek(): number | undefined {
    const byte = this.#bytes[this.#at]
    if (byte !== undefined && byte > 0x20) return byte
    this.#skipSpace()
    return this.#bytes[this.#at]
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }
}

/** The text of a JSON string; undefined when it is none. */
function readString(bytes: Buffer, start: number, end: number): string | undefined {
  const json = bytes.toString('utf8', start, end)
  if (!json.includes('\\')) return json.slice(1, -1)
  try {
    const text: unknown = JSON.parse(json)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}
