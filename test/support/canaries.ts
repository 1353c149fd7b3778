import { gunzipSync, constants } from 'node:zlib'

/** Something that must not be where it is looked for. */
export interface Canary {
  /** For whoever reads that it was found. */
  readonly what: string
  readonly text: string
}

/**
 * What of these is in the bytes, as `what`: as it is, and as JSON, HTML, an address, base64 (wherever in it), hex or a list
 * of bytes would have it, also within gzip, and within base64 of gzip.
 */
export function canariesIn(canaries: readonly Canary[]): (bytes: Buffer) => readonly string[] {
  const needles = canaries.flatMap(({ what, text }) =>
    formsOf(text).map((form) => ({ what, bytes: Buffer.from(form) })),
  )
  const first = new Uint8Array(65_536)
  const byStart = new Map<number, (typeof needles)[number][]>()
  for (const needle of needles) {
    if (needle.bytes.length < 4) throw new Error(`too short to look for: ${needle.what}`)
    first[needle.bytes.readUInt16LE(0)] = 1
    const start = needle.bytes.readUInt32LE(0)
    byStart.set(start, [...(byStart.get(start) ?? []), needle])
  }

  const search = (bytes: Buffer, depth: number): readonly string[] => {
    const found = new Set<string>()
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      if (first[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] === 0) continue
      for (const { what, bytes: wanted } of byStart.get(bytes.readUInt32LE(at)) ?? [])
        if (bytes.subarray(at, at + wanted.length).equals(wanted)) found.add(what)
    }
    if (depth > 0)
      for (const inner of [...inflated(bytes), ...decoded(bytes)])
        for (const each of search(inner, depth - 1)) found.add(each)
    return [...found]
  }
  return (bytes) => search(bytes, 2)
}

/** All that somebody may have made of a text. */
export function formsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const url = encodeURIComponent(text)
  const plain = [text, json, JSON.stringify(json).slice(1, -1), ascii(json)]
  return [
    ...new Set([
      ...plain,
      ...[text, json].flatMap((each) => [html(each), encodeURIComponent(each)]),
      url.replaceAll('%20', '+'),
      new URLSearchParams({ '': text }).toString().slice(1),
      ...plain.flatMap((each) => encodingsOf(Buffer.from(each))),
    ]),
  ]
}

function encodingsOf(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex')
  const base64 = base64Of(bytes)
  return [
    hex,
    hex.toUpperCase(),
    hex.replaceAll(/..(?=.)/g, '$& '),
    bytes.join(','),
    bytes.join(', '),
    ...base64,
    ...base64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

function ascii(json: string): string {
  return json.replaceAll(
    /[^ -~]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What is of these bytes alone, wherever in a base64 text they begin. */
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const shared = [0, 3, 2][(offset + bytes.length) % 3] ?? 0
    return text.slice([0, 2, 3][offset], text.length - shared)
  })
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const GZIP = Buffer.of(0x1f, 0x8b, 0x08)

function* inflated(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf(GZIP); at !== -1; at = bytes.indexOf(GZIP, at + 1))
    try {
      yield gunzipSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH })
    } catch {
      // Bytes that only look like it.
    }
}

/** What begins as gzip does, in base64. */
function* decoded(bytes: Buffer): Generator<Buffer> {
  for (const [run] of bytes.toString('latin1').matchAll(/H4sI[\w+/-]{16,}/g))
    yield Buffer.from(run, 'base64')
}
