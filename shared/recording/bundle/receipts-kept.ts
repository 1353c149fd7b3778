import { decodeBase64 } from '../../tlog/base64.ts'
import { ed25519PublicKey, verifyEd25519 } from '../../tlog/ed25519.ts'
import { RECEIPT_TERM_MS, type SignedReceipt, parseReceipt } from '../receipt.ts'
import type { PartialScope } from './bundle-line.ts'
import type { CertifiedWriter, CheckedEntry, CheckedLeaf } from './checked-line.ts'
import { type Report, broken, instant, missing, quoted } from './problem.ts'

/** Promises that somebody kept, and whether the log kept them. FORMAT.md §6. */
export interface ReceiptsKept {
  add(line: CheckedEntry | CheckedLeaf): void
  finish(options: {
    readonly log: string
    readonly writer: (id: string) => CertifiedWriter | undefined
    /** What the bundle is about; undefined for everything. */
    readonly scope: PartialScope | undefined
    /** When it was made, epoch milliseconds. */
    readonly made: number
  }): { readonly answered: number; readonly notDue: number; readonly elsewhere: number }
}

/** `texts`: a header's value each. */
export function receiptsKept(report: Report, texts: readonly string[]): ReceiptsKept {
  const receipts = texts.flatMap((text, place) => {
    const parsed = parseReceipt(text)
    if (parsed === undefined)
      report(
        broken('receipt-malformed', {}, `receipt ${place + 1} is none: nobody can have issued it`),
      )
    return parsed ?? []
  })
  const wanted = new Set(receipts.map(({ receipt }) => receipt.entry))
  const found = new Map<string, { readonly hash: string; readonly isSealed: boolean }>()
  return {
    add({ id, hash, index }) {
      if (wanted.has(id)) found.set(id, { hash, isSealed: index !== undefined })
    },
    finish({ log, writer, scope, made }) {
      let answered = 0
      let notDue = 0
      let elsewhere = 0
      for (const { receipt, message, signature } of receipts) {
        const { entry, hash, by } = receipt
        const leaf = found.get(entry)
        const isOutside = scope !== undefined && leaf === undefined && !mayCover(scope, by)
        if (receipt.log !== log || isOutside) elsewhere += 1
        else if (leaf !== undefined && leaf.hash !== hash)
          report(
            broken(
              'receipt-differs',
              { id: entry },
              `entry ${quoted(entry)} has another hash than the receipt promised: it was changed, or replaced`,
            ),
          )
        else if (isForged({ receipt, message, signature }, writer(receipt.writer)))
          report(
            broken(
              'receipt-forged',
              { id: entry },
              `the receipt of entry ${quoted(entry)} was not signed by the writer that it names`,
            ),
          )
        else if (leaf?.isSealed === true) answered += 1
        else if (by >= made) notDue += 1
        else
          report(
            missing(
              'receipt-unanswered',
              { id: entry },
              `somebody holds a receipt for entry ${quoted(entry)}, which should be in the log since ${instant(by)}, and it is not here`,
            ),
          )
      }
      return { answered, notDue, elsewhere }
    },
  }
}

/** Whether an entry whose receipt ends then can be in the scope, as far as its time says. */
function mayCover({ from, to }: PartialScope, by: number): boolean {
  const at = by - RECEIPT_TERM_MS
  return (from === undefined || at >= from) && (to === undefined || at < to)
}

/** Of a writer that is not in the bundle nothing can be said. */
function isForged(
  { message, signature }: SignedReceipt,
  writer: CertifiedWriter | undefined,
): boolean {
  const raw = writer && decodeBase64(writer.publicKey)
  const key = raw && ed25519PublicKey(raw)
  return key !== undefined && !verifyEd25519(key, message, signature)
}
