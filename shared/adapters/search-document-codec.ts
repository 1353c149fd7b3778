import { deflateSync, inflateSync } from 'node:zlib'

import { canonicalJson } from '../kernel/canonical-json.ts'
import type { CallDocument, SearchDocument } from '../recording/search/search-document.ts'

/** Names repeat: what is longer than this is a third of it deflated. */
const MAX_PLAIN_BYTES = 4 * 1024
const MAX_BYTES = 16 * 1024 * 1024

/** The one form in which a document of the search index is stored. */
export function encodeSearchDocument(given: SearchDocument): Buffer {
  const bytes = Buffer.from(canonicalJson(given))
  return bytes.length <= MAX_PLAIN_BYTES ? bytes : deflateSync(bytes)
}

/** The document that `encodeSearchDocument` was given. Throws for what is plainly none. */
export function decodeSearchDocument(stored: Uint8Array): SearchDocument {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const plain = bytes[0] === 0x7b ? bytes : inflateSync(bytes, { maxOutputLength: MAX_BYTES })
  const json: unknown = JSON.parse(plain.toString())
  if (!isDocument(json)) throw new TypeError('the search index holds what is no document')
  return json
}

/**
 * Whether it is a document, by what tells it from anything else: nobody but the indexer writes there, nothing is proved by it, and
 * a search reads hundreds, which took a whole schema longer than everything else together.
 */
function isDocument(json: unknown): json is SearchDocument {
  if (typeof json !== 'object' || json === null) return false
  if (!('kind' in json && 'id' in json && 'at' in json && typeof json.id === 'string')) return false
  switch (json.kind) {
    case 'call':
      return Number.isSafeInteger(json.at) && MEMBERS_OF_A_CALL.every((name) => name in json)
    case 'session':
      return Number.isSafeInteger(json.at) && 'session' in json && 'principal' in json
    case 'event':
      return Number.isSafeInteger(json.at) && 'entry' in json && 'summary' in json
    default:
      return false
  }
}

/** Those that are always there, whatever came of the call. */
const MEMBERS_OF_A_CALL = [
  'call',
  'method',
  'dryRun',
  'tables',
  'targets',
  'columns',
  'filterColumns',
  'masked',
  'tags',
  'decision',
  'rules',
  'approvers',
  'rows',
  'flags',
] as const satisfies readonly (keyof CallDocument)[]
