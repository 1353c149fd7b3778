import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { parseLeaf } from '../../../../shared/recording/log/parse-leaf.ts'
import { leavesBetween } from '../../../../shared/recording/log/read-log.ts'
import { seal } from '../../../../shared/recording/log/seal.ts'
import { leafHash } from '../../../../shared/tlog/hash.ts'
import { openCheckpoint } from '../../../../shared/tlog/open-checkpoint.ts'
import { auditedAsSealed, everything } from '../../../support/audited-record.ts'
import { COMPILED, childFile } from '../../../support/child-file.ts'
import { folderLog } from '../../../support/folder-log.ts'
import { guarantee } from '../../../support/guarantee.ts'
import { naiveRoot } from '../../../support/naive-tree.ts'
import { someEntry } from '../../../support/sealing-world.ts'

/** How many sealers are killed at any instant. */
const RUNS = Number(process.env['KILLED_SEALERS'] ?? 8)
// Every one of them is a process.
vi.setConfig({ testTimeout: 120_000 + RUNS * 5_000 })

let folder: string
let here: Awaited<ReturnType<typeof folderLog>>
/** What was ever there, by path; and what was the newest checkpoint. */
let seen: Map<string, Buffer>
let checkpoints: Buffer[]
let written: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-killed-'))
  mkdirSync(join(folder, 'log'))
  here = await folderLog(folder)
  seen = new Map()
  checkpoints = []
  written = 0
})
afterEach(() => {
  here.close()
  rmSync(folder, { recursive: true })
})

/** Entries that somebody writes meanwhile. */
async function write(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const id = `configuration~policy~${(written += 1)}`
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const stored = await here.log.writers.use((writer) => someEntry(writer, id, Date.now()))
    // oxlint-disable-next-line no-await-in-loop
    expect(await here.store.entries.create(stored)).toBe('created')
  }
}

const sealer = await childFile('sealer-child')

function start(step: number) {
  const child = fork(sealer, [folder, String(step)], {
    env: { PATH: process.env['PATH'], ...COMPILED },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const sealing = once(child, 'message')
  const ended = once(child, 'exit').then(() => {
    expect(complaint).toBe('')
    return child.signalCode ?? child.exitCode
  })
  return { sealing, ended, kill: () => child.kill('SIGKILL') }
}

/** Nothing that was published may have become something else. */
function look(): void {
  const root = join(folder, 'log')
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name))
    if (!entry.isFile() || path.startsWith('.incoming')) continue
    const bytes = readFileSync(join(root, path))
    if (path === 'checkpoint') checkpoints.push(bytes)
    else {
      expect(bytes.equals(seen.get(path) ?? bytes), path).toBe(true)
      seen.set(path, bytes)
    }
  }
}

/** The next sealer finds whatever is left, and then there is one log with everything in it once. */
async function expectOneLog(): Promise<void> {
  await seal(here.log)
  look()
  const { objects, store, log, trust } = here
  const keys = [log.signers.ed25519.key, log.signers.p256.key]
  const heads = [
    ...checkpoints,
    ...[...seen].flatMap(([path, bytes]) => (path.startsWith('checkpoints/') ? [bytes] : [])),
  ].map((note) => {
    const opened = openCheckpoint(note, { origin: log.signers.p256.key.name, keys, witnesses: [] })
    if (!opened.ok) throw new Error(`no checkpoint: ${note.toString()}`)
    expect(opened.value.signatures).toHaveLength(2)
    return opened.value
  })
  const size = Math.max(...heads.map((head) => head.size))
  const hashes: Uint8Array[] = []
  const ids: string[] = []
  for await (const { bytes } of leavesBetween(objects, { from: 0, to: size, size })) {
    hashes.push(leafHash(bytes))
    ids.push(parseLeaf(bytes)?.i ?? 'no leaf')
  }
  for (const head of heads)
    expect(Buffer.from(head.root)).toEqual(Buffer.from(naiveRoot(hashes.slice(0, head.size))))
  const { kinds, report } = await auditedAsSealed({ entries: store.entries, objects, trust })
  expect(kinds, report.problems.map(({ words }) => words).join('\n')).toEqual([])
  expect(report).toMatchObject({ integrity: 'sound', completeness: 'complete' })
  const kept = (await everything(store.entries)).map(({ entry }) => entry.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(kept.toSorted())
  expect(ids.filter((id) => id.startsWith('configuration~'))).toHaveLength(written)
}

guarantee('sealed-once', async () => {
  let steps = 0
  for (let end: unknown; end !== 0;) {
    await write(3)
    steps += 1
    end = await start(steps).ended
    expect([0, 'SIGKILL']).toContain(end)
    look()
  }
  // It wrote, staged, won and published, and was killed after each of these.
  expect(steps).toBeGreaterThan(15)
  await expectOneLog()
})

test('sealers killed at any instant, two at a time, leave one log', async () => {
  const ends = new Set<unknown>()
  for (let run = 0; run < RUNS; run++) {
    await write(7)
    const sealers = [start(0), start(0)]
    await Promise.all(sealers.map(({ sealing }) => sealing))
    for (const { kill, ended } of sealers) {
      await wait(Math.random() * 40)
      kill()
      ends.add(await ended)
    }
    look()
  }
  expect([...ends].filter((end) => end !== 0)).toEqual(['SIGKILL'])
  await expectOneLog()
})
