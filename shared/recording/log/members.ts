import { canonicalJson } from '../../kernel/canonical-json.ts'

/** The members of a JSON object by name. */
export type Members = ReadonlyMap<string, unknown>

/** The members of a JSON object; undefined for any other value. */
export function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : undefined
}

/** The members of the object whose canonical JSON these bytes are; undefined for all other bytes. */
export function canonicalMembers(bytes: Uint8Array): Members | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const json: unknown = JSON.parse(text)
    return canonicalJson(json) === text ? membersOf(json) : undefined
  } catch {
    return undefined
  }
}

/** What `read` makes of members; undefined when it throws `TypeError`, as the functions below do. */
export function readMembers<T>(
  members: Members | undefined,
  read: (members: Members) => T,
): T | undefined {
  try {
    return members && read(members)
  } catch (cause) {
    if (cause instanceof TypeError) return undefined
    throw cause
  }
}

/** Throws `TypeError` for a member that is no text, or does not match. */
export function textIn(members: Members, name: string, pattern?: RegExp): string {
  const value = members.get(name)
  if (typeof value === 'string' && (pattern?.test(value) ?? true)) return value
  throw new TypeError(`no text in \`${name}\``)
}

/** Throws `TypeError` for a member that is no integer from 0 on. */
export function countIn(members: Members, name: string): number {
  return countOf(members.get(name), name)
}

/** Throws `TypeError` for a value that is no safe integer from 0 on. */
export function countOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError(`no count in \`${name}\``)
}

/** What `read` makes of every element. Throws `TypeError` for a member that is no list, and as `read` does. */
export function listIn<T>(
  members: Members,
  name: string,
  read: (value: unknown) => T,
): readonly T[] {
  const value = members.get(name)
  if (!Array.isArray(value)) throw new TypeError(`no list in \`${name}\``)
  return value.map((item: unknown) => read(item))
}

/** What `read` makes of every element, which is an object. Throws as `listIn` does. */
export function objectsIn<T>(
  members: Members,
  name: string,
  read: (members: Members) => T,
): readonly T[] {
  return listIn(members, name, (value) => {
    const item = membersOf(value)
    if (item === undefined) throw new TypeError(`no object in \`${name}\``)
    return read(item)
  })
}

/** SHA-256 in lower-case hex. */
export const HEX_HASH = /^[0-9a-f]{64}$/

/** Id of a writer: 26 characters of base32. */
export const WRITER_ID = /^[a-z2-7]{26}$/
