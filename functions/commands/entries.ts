import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import { sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import { describeEntry } from '../../shared/recording/describe-entry.ts'
import type { EntryQuery, StoredEntry } from '../../shared/recording/entry-store.ts'

interface Options {
  readonly state: string
  readonly call?: string
  readonly session?: string
  readonly limit: number
  readonly json?: true
}

const MOST = 10_000

/** `sluice entries`: the record of the local stack, read from its state folder. */
export function entriesCommand(): Command {
  return new Command('entries')
    .description('show the record of the local stack (npm start), newest first')
    .option('--state <dir>', 'the state folder of the local stack', '.sluice')
    .option('--call <id>', 'only the entries of one call, as error messages name it')
    .option('--session <id>', 'only the entries of one session')
    .option('--limit <n>', `how many, at most ${MOST}`, count, 20)
    .option('--json', 'whole entries, as one JSON document')
    .action(async (options: Options) => {
      const file = join(options.state, 'record.sqlite')
      if (!existsSync(file))
        throw new Error(`no record at \`${file}\`; give its folder with --state`)
      const store = sqliteStore(file)
      try {
        const page = await store.entries.list(queryOf(options))
        if (!page.ok) throw new Error(`the record cannot be read: \`${page.error.problem}\``)
        const { entries } = page.value
        process.stdout.write(options.json ? asJson(entries) : asLines(entries))
      } finally {
        store.close()
      }
    })
}

function queryOf({ call, session, limit }: Options): EntryQuery {
  if (call !== undefined) return { call, limit }
  return session === undefined ? { limit } : { session, limit }
}

function asJson(entries: readonly StoredEntry[]): string {
  const documents = entries.map(({ entry, hash }) => ({ hash, ...entry }))
  return `${JSON.stringify({ entries: documents }, undefined, 2)}\n`
}

function asLines(entries: readonly StoredEntry[]): string {
  return entries.map(({ entry }) => `${describeEntry(entry)}\n`).join('')
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > MOST)
    throw new InvalidArgumentError(`a number from 1 to ${MOST}`)
  return value
}
