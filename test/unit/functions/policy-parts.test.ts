import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { afterAll, afterEach, describe, expect, test } from 'vitest'

import { type FollowedFile, followFile } from '../../../functions/follow-file.ts'
import { replaceable } from '../../../functions/replaceable.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-follow-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file that is followed', () => {
  let followed: FollowedFile
  const seen: string[] = []
  const follow = async (file: string, options: { everyMs: number; settleMs: number }) => {
    seen.length = 0
    followed = await followFile(
      file,
      (content) => seen.push('bytes' in content ? content.bytes.toString() : 'unreadable'),
      options,
    )
  }
  afterEach(() => followed.close())

  test('is known from the start, missing or not, and heard of once per content', async () => {
    const file = join(folder, 'once')
    await follow(file, { everyMs: 10, settleMs: 1 })
    expect(seen).toEqual(['unreadable'])
    writeFileSync(file, 'a')
    await expect.poll(() => seen).toEqual(['unreadable', 'a'])
    writeFileSync(file, 'a')
    await wait(60)
    expect(seen).toEqual(['unreadable', 'a'])
  })

  test('is not taken while somebody writes it', async () => {
    const file = join(folder, 'half')
    writeFileSync(file, 'whole')
    await follow(file, { everyMs: 10, settleMs: 60 })
    for (let i = 0; i < 10; i++) {
      writeFileSync(file, `half ${i}`)
      // oxlint-disable-next-line no-await-in-loop -- somebody who writes slowly
      await wait(20)
    }
    expect(seen).toEqual(['whole'])
    await expect.poll(() => seen).toEqual(['whole', 'half 9'])
  })

  test('is looked at for a request when no timer fired: Cloud Functions freeze the CPU', async () => {
    const file = join(folder, 'frozen')
    writeFileSync(file, 'a')
    await follow(file, { everyMs: 40, settleMs: 1 })
    writeFileSync(file, 'b')
    // Nothing else runs, as in an instance that is frozen.
    const until = performance.now() + 120
    while (performance.now() < until);
    await followed.catchUp()
    expect(seen).toEqual(['a', 'b'])
  })

  test('is not heard of once closed', async () => {
    const file = join(folder, 'closed')
    await follow(file, { everyMs: 5, settleMs: 1 })
    followed.close()
    writeFileSync(file, 'late')
    await wait(50)
    expect(seen).toEqual(['unreadable'])
  })
})

describe('what is replaced while it is used', () => {
  test('stays with who has it, and is freed after them', async () => {
    const freed: string[] = []
    const value = replaceable('a', async (old) => void freed.push(old))
    const first = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    const used = [first, second].map((until) =>
      value.use(async (mine) => {
        await until.promise
        return mine
      }),
    )
    value.replace('b')
    expect(await value.use((mine) => mine)).toBe('b')
    first.resolve()
    await used[0]
    await wait(0)
    expect(freed).toEqual([])
    second.reject(new Error('failed'))
    await expect(used[1]).rejects.toThrow('failed')
    await expect.poll(() => freed).toEqual(['a'])
    await value.close()
    expect(freed).toEqual(['a', 'b'])
  })

  test('is freed when nobody uses it, and at once when all is closed', async () => {
    const freed: string[] = []
    const value = replaceable('a', async (old) => void freed.push(old))
    value.replace('b')
    await expect.poll(() => freed).toEqual(['a'])
    void value.use(() => new Promise(() => {}))
    value.replace('c')
    await value.close()
    expect(freed.toSorted()).toEqual(['a', 'b', 'c'])
  })
})
