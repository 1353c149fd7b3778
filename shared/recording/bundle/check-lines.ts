import type { KeyObject } from 'node:crypto'

import { unreachable } from '../../kernel/unreachable.ts'
import { decodeBase64 } from '../../tlog/base64.ts'
import { ed25519PublicKey } from '../../tlog/ed25519.ts'
import { decodeUtf8 } from './canonical.ts'
import { checkEntry } from './check-entry.ts'
import { checkLeaf } from './check-leaf.ts'
import { checkPrivate } from './check-private.ts'
import type { CertifiedWriter, CheckedLine, NotChecked } from './checked-line.ts'
import type { Outline } from './entry-facts.ts'
import type { SentContext } from './line-context.ts'
import { parseLine } from './parse-line.ts'
import { broken } from './problem.ts'
import { withVouchedStamps } from './vouched-stamps.ts'

/** Checks lines of one bundle, each by itself. */
export interface LineChecker {
  /** Has stamps of this writer verified from now on. */
  know(writer: CertifiedWriter): void
  /** What is to be said of these lines, of which the first has this number in the bundle, from 1. */
  check(first: number, lines: readonly Uint8Array[]): readonly CheckedLine[]
}

export function lineChecker(sent: SentContext): LineChecker {
  const keys = new Map<string, KeyObject>()
  const context = { ...sent, keyOf: (writer: string) => keys.get(writer) }
  const know = ({ id, publicKey }: CertifiedWriter) => {
    const raw = decodeBase64(publicKey)
    const key = raw === undefined ? undefined : ed25519PublicKey(raw)
    if (key !== undefined) keys.set(id, key)
  }
  return {
    know,
    check(first, lines) {
      let before: Outline | undefined
      const checked = lines.map((bytes, offset): CheckedLine => {
        const number = first + offset
        const text = decodeUtf8(bytes)
        const line = text === undefined ? undefined : parseLine(text)
        const after = before
        before = undefined
        if (line === undefined)
          return notChecked(
            number,
            'line-malformed',
            'is no line of a bundle, or not canonical JSON',
          )
        switch (line.t) {
          case 'entry':
          case 'unsealed': {
            const { checked: entry, outline } = checkEntry(line, number, context)
            before = outline
            if (entry.is === 'entry' && entry.writer !== undefined) know(entry.writer)
            return entry
          }
          case 'private':
            return checkPrivate(line, number, after)
          case 'leaf':
            return checkLeaf(line, number, context)
          case 'sluice-bundle/v1':
          case 'checkpoint':
          case 'consistency':
          case 'end':
            return notChecked(
              number,
              'line-out-of-place',
              `is of type \`${line.t}\`, which does not belong there`,
            )
          default:
            return unreachable(line)
        }
      })
      return context.isChained ? withVouchedStamps(checked, context.keyOf) : checked
    },
  }
}

function notChecked(line: number, kind: string, words: string): NotChecked {
  const problems = [broken(kind, {}, `line ${line} ${words}`)]
  return { is: 'unreadable', line, index: undefined, problems }
}
