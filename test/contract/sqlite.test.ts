import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'

import { afterAll, describe, expect, test } from 'vitest'

import { aesWrapKey } from '../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredSecrets } from '../../shared/adapters/registers/record-secrets.ts'
import { sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import { guarantee } from '../support/guarantee.ts'
import { sampleJob, sampleRequest } from '../support/sample-entries.ts'
import { sampleGrant } from '../support/sample-grant.ts'
import { entryRemovalContract } from './entry-removal.ts'
import { entryStoreContract } from './entry-store.ts'
import { grantsContract } from './grants.ts'
import { jobsContract } from './jobs.ts'
import { peopleSeenContract } from './people-seen.ts'
import { recordRegistersContract } from './record-registers.ts'
import { recordSecretsContract } from './record-secrets.ts'
import { registeredContract } from './registered.ts'
import { searchExactlyContract } from './search-exactly.ts'
import { searchIndexContract } from './search-index.ts'
import { searchRetentionContract } from './search-retention.ts'
import { slackMessagesContract } from './slack-messages.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newPath = () => join(folder, `store-${(files += 1)}.db`)

const openSearch = async () => {
  const { search, close } = sqliteStore(newPath())
  return { port: search, close }
}

describe('sqlite', () => {
  entryStoreContract(async () => {
    const { entries, close } = sqliteStore(newPath())
    return { port: entries, close }
  })
  jobsContract(async () => {
    const { jobs, close } = sqliteStore(newPath())
    return { port: jobs, close }
  })

  registeredContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store, close: store.close }
  })

  grantsContract(async () => {
    const { grants, close } = sqliteStore(newPath())
    return { port: grants, close }
  })
  peopleSeenContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store, close: store.close }
  })
  entryRemovalContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store, close: store.close }
  })
  recordRegistersContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store.registers, close: store.close }
  })
  recordSecretsContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store.registers, close: store.close }
  })
  searchIndexContract(openSearch)
  searchExactlyContract(openSearch, [1, 7, 100])
  searchRetentionContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store, close: store.close }
  })
  slackMessagesContract(async () => {
    const store = sqliteStore(newPath())
    return { port: store, close: store.close }
  })

  test('what was created is there after closing and opening again', async () => {
    const path = newPath()
    const stored = sampleRequest()
    const first = sqliteStore(path)
    await first.entries.create(stored)
    await first.jobs.claim(sampleJob())
    first.close()
    const second = sqliteStore(path)
    expect((await second.entries.get(stored.entry.id))?.hash).toBe(stored.hash)
    await expect(second.jobs.find('acme', 'job_1')).resolves.toEqual(sampleJob())
    await expect(second.entries.create(stored)).resolves.toBe('created')
    second.close()
  })

  test('a closed store rejects', async () => {
    const store = sqliteStore(newPath())
    store.close()
    await expect(store.entries.create(sampleRequest())).rejects.toThrow(/not open|finalized/)
    await expect(store.jobs.find('acme', 'job_1')).rejects.toThrow(/not open|finalized/)
  })

  guarantee('written-once', async () => {
    const path = newPath()
    const store = sqliteStore(path)
    const stored = sampleRequest()
    const job = sampleJob()
    await store.entries.create(stored)
    await store.jobs.claim(job)
    const shell = new DatabaseSync(path)
    // What is named for removal is deleted; another entry is not.
    shell.exec("INSERT INTO removals (id) VALUES ('something~else')")
    for (const table of ['entries', 'jobs']) {
      expect(() => shell.exec(`UPDATE ${table} SET at = 0`)).toThrow('append-only')
      expect(() => shell.exec(`DELETE FROM ${table}`)).toThrow('append-only')
    }
    shell.exec(`
      INSERT OR REPLACE INTO entries (id, call, session, at, bytes)
      SELECT id, call, session, 0, x'00' FROM entries`)
    shell.exec(`
      INSERT OR REPLACE INTO jobs (project_id, job_id, owner, at, bytes)
      SELECT project_id, job_id, 'eve', 0, x'00' FROM jobs`)
    shell.close()
    expect((await store.entries.get(stored.entry.id))?.bytes.equals(stored.bytes)).toBe(true)
    await expect(store.jobs.find('acme', 'job_1')).resolves.toEqual(job)
    store.close()
  })

  test('bytes that were changed behind its back are not shown as an entry', async () => {
    const path = newPath()
    const store = sqliteStore(path)
    const stored = sampleRequest()
    await store.entries.create(stored)
    const shell = new DatabaseSync(path)
    shell.exec('DROP TRIGGER entries_no_update')
    const write = shell.prepare('UPDATE entries SET bytes = ?')
    const text = stored.bytes.toString()
    const others = [
      '',
      'null',
      '{}',
      ` ${text}`,
      text.replace('"v":1', '"v":2'),
      text.replace('"v":1', '"v":1,"w":1'),
      text.replace('~request', '~requesu'),
      text.replace('"at"', '"a\\u0074"'),
    ].map((changed) => Buffer.from(changed))
    for (const bytes of [...others, Buffer.concat([stored.bytes, Buffer.from([0xff])])]) {
      write.run(bytes)
      await expect(store.entries.get(stored.entry.id)).rejects.toThrow('no entry')
      await expect(store.entries.list({ limit: 1 })).rejects.toThrow('no entry')
    }
    shell.close()
    store.close()
  })

  test('only its owner may read the file or its journal', async () => {
    const path = newPath()
    const store = sqliteStore(path)
    await store.entries.create(sampleRequest())
    for (const file of [path, `${path}-wal`, `${path}-shm`])
      expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
    store.close()
  })

  test('a file of the version before has lists from now on, and keeps what is in it', async () => {
    const path = newPath()
    const before = sqliteStore(path)
    const off = { scope: { kind: 'global' }, reason: 'a', by: 'ana', at: 1 } as const
    await before.killSwitches.set(off)
    before.close()
    const shell = new DatabaseSync(path)
    shell.exec(`
      DROP TABLE entries;
      ALTER TABLE entries_without_stamps RENAME TO entries;
      DROP INDEX registers_by_list;
      ALTER TABLE registers DROP COLUMN listed_in;
      ALTER TABLE registers DROP COLUMN listed_at;
      PRAGMA user_version = 2`)
    shell.close()
    const store = sqliteStore(path)
    await expect(store.killSwitches.list()).resolves.toEqual([off])
    const grant = sampleGrant()
    await store.grants.open(grant)
    await expect(store.grants.listOpen(10)).resolves.toEqual([grant.id])
    store.close()
  })

  test('a secret that was erased is in no file of the store', async () => {
    const path = newPath()
    const store = sqliteStore(path)
    const secrets = registeredSecrets(store.registers, {
      wrapKey: aesWrapKey(randomBytes(32)),
      clock: () => 1,
      random: (bytes) => randomBytes(bytes),
    })
    const { id } = await secrets.current({ session: 'a2', owner: 'ana' })
    const kept = (await store.registers.read('recordSecrets', 'a2'))?.bytes.toString() ?? ''
    const [, wrapped = ''] = /"generations":\["([^"]+)"\]/.exec(kept) ?? []
    const isAnywhere = () =>
      [path, `${path}-wal`].some((file) => readFileSync(file).includes(wrapped))
    expect(wrapped).not.toBe('')
    expect(isAnywhere()).toBe(true)
    await secrets.erase(id)
    expect(isAnywhere()).toBe(false)
    store.close()
  })

  test('a file of a newer version, or of something else, is not opened', () => {
    const newer = newPath()
    sqliteStore(newer).close()
    const shell = new DatabaseSync(newer)
    shell.exec('PRAGMA user_version = 99')
    shell.close()
    expect(() => sqliteStore(newer)).toThrow('newer version of Sluice `99`')
    expect(() => sqliteStore(import.meta.filename)).toThrow('not a database')
  })

  test('processes that share a file see each other, and of two that race one wins', async () => {
    const path = newPath()
    const others = await Promise.all([runOther(path, 1), runOther(path, 2)])
    const store = sqliteStore(path)
    // Each wrote 50 of its own and tried 50 that both wanted.
    for (const { created, lost } of others) expect(created.length + lost).toBe(100)
    const created = others.flatMap((other) => other.created)
    expect(new Set(created).size).toBe(150)
    expect(created).toHaveLength(150)
    const all = await store.entries.list({ limit: 1_000 })
    expect(all.ok && all.value.entries.length).toBe(150)
    store.close()
  })
})

/** Another process that writes to the file at the same time as others. */
async function runOther(
  path: string,
  number: number,
): Promise<{ created: string[]; lost: number }> {
  const script = fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url))
  const child = spawn(process.execPath, [script, path, String(number)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the other process ended with ${String(code)}`)
  return JSON.parse(output)
}
