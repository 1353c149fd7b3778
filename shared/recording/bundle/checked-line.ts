import type { LeafLine } from './bundle-line.ts'
import type { EntryFacts } from './entry-facts.ts'
import type { Problem } from './problem.ts'

/** A line once everything that can be told from it alone is: plain data, small, to be sent between threads. */
export type CheckedLine = CheckedEntry | CheckedLeaf | CheckedPrivate | NotChecked

/** An entry in the log, or not in it yet. */
export interface CheckedEntry {
  readonly is: 'entry'
  readonly line: number
  readonly id: string
  readonly type: string
  /** Undefined for one that is not in the log. */
  readonly index: number | undefined
  readonly leafHash: Uint8Array | undefined
  readonly at: number
  /** Epoch microseconds. */
  readonly committed: number
  /** Of the entry, hex. */
  readonly hash: string
  readonly stamp: CheckedStamp
  readonly hasPrivate: boolean
  readonly facts: EntryFacts
  /** What a writer-opened entry says of whose key it is; undefined in others and when it cannot be believed. */
  readonly writer: CertifiedWriter | undefined
  readonly problems: readonly Problem[]
}

export interface CheckedStamp {
  readonly writer: string
  readonly number: number
  /** Hash of the stamp before, hex. */
  readonly previous: string
  /** Of this stamp, hex. */
  readonly hash: string
  /** Undefined once it was verified; what there is to verify when the writer's key was not known. */
  readonly unverified: { readonly message: Uint8Array; readonly signature: Uint8Array } | undefined
  /** Its signature was not verified, as a stamp that was names it. */
  readonly isVouched: boolean
}

export interface CertifiedWriter {
  readonly id: string
  /** Ed25519, 32 bytes, base64. */
  readonly publicKey: string
  /** Epoch milliseconds. */
  readonly from: number
  readonly until: number
  /** Of the certificate, hex: what stamp 0 names. */
  readonly hash: string
}

/** A leaf without its entry. */
export interface CheckedLeaf {
  readonly is: 'leaf'
  readonly line: number
  readonly index: number
  readonly leafHash: Uint8Array
  readonly id: string
  readonly type: string
  readonly committed: number
  readonly hash: string
  /** Undefined for a leaf of what is no entry. */
  readonly stamp:
    | { readonly writer: string; readonly number: number; readonly hash: string }
    | undefined
  readonly why: LeafLine['why']
  readonly problems: readonly Problem[]
}

/** Private facts that were compared with the entry before them. */
export interface CheckedPrivate {
  readonly is: 'private'
  readonly line: number
  readonly problems: readonly Problem[]
}

/** A line of which nothing more is known. */
export interface NotChecked {
  readonly is: 'unreadable'
  readonly line: number
  readonly index: number | undefined
  readonly problems: readonly Problem[]
}
