import { createReadStream, readFileSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { Command } from 'commander'

import { type Trust, parseTrust } from '../../shared/recording/bundle/trust.ts'
import { verifyBundle } from '../../shared/recording/bundle/verify-bundle.ts'
import { ExitCode } from './exit-code.ts'
import { plainJson } from './plain-json.ts'
import { progressLine } from './progress-line.ts'
import { reportText } from './report-text.ts'

interface Options {
  readonly trust: string
  readonly previous?: string
  readonly receipts?: string
  readonly chained?: true
  readonly json?: true
}

/** The exit code of wrong usage, and of what cannot be read: 1 and 2 are verdicts here. */
export const VERIFY_USAGE = 3

/** `sluice verify`: whether an exported record is genuine, and whether anything is missing. Offline. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify an exported bundle of the record; asks no server, and needs none')
    .argument('<bundle>', 'the file that `sluice export` wrote; - for standard input')
    .requiredOption('--trust <file>', 'whose signatures count: trust.json of the log')
    .option('--previous <checkpoint>', 'a checkpoint of the log that you kept from before')
    .option('--receipts <dir>', 'receipts that you kept: one in every line or file of the folder')
    .option('--chained', 'verify one signature for every run of entries: faster, see below')
    .option('--json', 'the whole report, as one JSON document')
    .addHelpText('after', NOTES)
    .action(async (bundle: string, options: Options) => {
      const trust = readTrust(options.trust)
      const previous =
        options.previous === undefined ? undefined : read(options.previous, 'the checkpoint')
      const receipts = options.receipts === undefined ? [] : readReceipts(options.receipts)
      const progress = progressLine(process.stderr)
      const threads = availableParallelism()
      const report = await verifyBundle(bytesOf(bundle), {
        trust,
        previous,
        receipts,
        now: Date.now(),
        chained: options.chained,
        threads: threads > 1 ? threads : 0,
        onProgress: (lines) => progress.show(`${lines.toLocaleString('en')} lines verified`),
      })
        .catch((cause: unknown) => unreadable(`the bundle cannot be read: ${messageOf(cause)}`))
        .finally(() => progress.clear())
      if (!report.ok) return unreadable(report.error.words)
      const { integrity, completeness } = report.value
      process.stdout.write(
        options.json ? plainJson(report.value) : reportText(report.value, process.stdout),
      )
      if (integrity === 'broken') throw new ExitCode(1)
      if (completeness === 'incomplete') throw new ExitCode(2)
    })
}

const NOTES = `
Integrity is whether what is in the bundle is what was written, by who it says and when.
Completeness is whether anything is missing from what the bundle is about.
The report says what was not checked, and what no bundle can show.

Every entry of a writer names the one before it by hash, so with --chained the signature of the last
of a run stands for all of it. That is several times as fast. A signature that was changed is then not
noticed; an entry that was changed is.

Exit codes:
  0   sound, and nothing is known to be missing
  1   not sound: something was changed, forged or taken back (whatever completeness is)
  2   sound, and something is missing
  3   the bundle, the trust file or another file cannot be read, or wrong usage`

function readTrust(file: string): Trust {
  const trust = parseTrust(read(file, 'the trust file').toString('utf8'))
  return trust.ok ? trust.value : unreadable(`\`${file}\`: ${trust.error.join('; ')}`)
}

function readReceipts(folder: string): readonly string[] {
  const files = attempt(() => readdirSync(folder).toSorted(), `the folder of receipts`)
  return files
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .flatMap((file) => read(file, 'a receipt').toString('utf8').split('\n'))
    .map((line) => line.trim().replace(/^sluice-receipt:\s*/i, ''))
    .filter((line) => line !== '')
}

function bytesOf(bundle: string): AsyncIterable<Uint8Array> {
  return bundle === '-' ? process.stdin : createReadStream(bundle, { highWaterMark: 1024 * 1024 })
}

const read = (file: string, what: string): Buffer => attempt(() => readFileSync(file), what)

function attempt<T>(work: () => T, what: string): T {
  try {
    return work()
  } catch (cause) {
    return unreadable(`${what} cannot be read: ${messageOf(cause)}`)
  }
}

function unreadable(words: string): never {
  process.stderr.write(`error: ${words.split('\n', 1)[0]}\n`)
  throw new ExitCode(VERIFY_USAGE)
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause)
