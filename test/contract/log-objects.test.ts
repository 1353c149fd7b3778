import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { folderObjects } from '../../shared/adapters/folder/folder-objects.ts'
import { memoryLogObjects } from '../support/memory-log.ts'
import { logObjectsContract } from './log-objects.ts'

const close = () => {}

describe('memory', () => {
  logObjectsContract(async () => ({ port: memoryLogObjects(), close }))
})

describe('folder', () => {
  const outer = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  afterAll(() => rmSync(outer, { recursive: true }))
  let folders = 0
  const newFolder = () => join(outer, `log-${(folders += 1)}`)

  logObjectsContract(async () => ({ port: folderObjects(newFolder()), close }))

  test.each([
    '../outside',
    'tile/../../outside',
    'tile/..',
    '/etc/passwd',
    './checkpoint',
    '.incoming/x',
    'tile//000',
    'tile/',
    '',
    'tile\\..\\..\\outside',
    'tile/0/000\0',
    'tile/0/%2e%2e',
  ])('a path that might leave the folder is refused: %j', async (path) => {
    const root = newFolder()
    const objects = folderObjects(root)
    await objects.create('checkpoint', Buffer.from('in it'))
    writeFileSync(join(outer, 'outside'), 'secret')
    await expect(objects.read(path)).rejects.toThrow('no path of a log')
    await expect(objects.create(path, Buffer.from('x'))).rejects.toThrow('no path of a log')
    await expect(objects.replace(path, Buffer.from('x'))).rejects.toThrow('no path of a log')
    await expect(objects.remove(path)).rejects.toThrow('no path of a log')
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    expect(names.toSorted()).toEqual(['.incoming', 'checkpoint'])
  })

  test('nobody else may read it, and nothing half-written stays', async () => {
    const root = newFolder()
    const objects = folderObjects(root)
    await objects.create('archive/default/0000000000.ndjson.gz', Buffer.from('entries'))
    await objects.create('archive/default/0000000000.ndjson.gz', Buffer.from('others'))
    await objects.replace('checkpoint', Buffer.from('note'))
    expect(statSync(root).mode & 0o077).toBe(0)
    expect(statSync(join(root, 'checkpoint')).mode & 0o077).toBe(0)
    expect(statSync(join(root, 'archive/default/0000000000.ndjson.gz')).mode & 0o077).toBe(0)
    expect(readdirSync(join(root, '.incoming'))).toEqual([])
  })
})
