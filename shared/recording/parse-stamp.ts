import { canonicalJson } from '../kernel/canonical-json.ts'
import type { Stamp } from './stamp.ts'

const HASH = /^[0-9a-f]{64}$/
const WRITER = /^[a-z2-7]{26}$/
const MEMBERS = 'entry hash log number previous v writer'

/** The stamp a text holds; undefined unless it is the canonical JSON of one. */
export function parseStamp(text: string): Stamp | undefined {
  const json = parse(text)
  if (typeof json !== 'object' || json === null) return undefined
  if (Object.keys(json).toSorted().join(' ') !== MEMBERS) return undefined
  const member = (name: string): unknown => Reflect.get(json, name)
  const [entry, hash, log, previous, writer] = ['entry', 'hash', 'log', 'previous', 'writer'].map(
    (name) => textOf(member(name)),
  )
  const number = member('number')
  if (member('v') !== 1 || typeof number !== 'number' || number < 0) return undefined
  if (entry === undefined || log === undefined) return undefined
  if (hash === undefined || !HASH.test(hash)) return undefined
  if (previous === undefined || !HASH.test(previous)) return undefined
  if (writer === undefined || !WRITER.test(writer)) return undefined
  const stamp: Stamp = { v: 1, log, writer, number, previous, entry, hash }
  return isText(stamp, text) ? stamp : undefined
}

function isText(stamp: Stamp, text: string): boolean {
  try {
    return canonicalJson(stamp) === text
  } catch {
    return false
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
