import { afterEach, expect, test, vi } from 'vitest'

import { changeRegister } from '../../../shared/adapters/registers/change-register.ts'
import type { Registers } from '../../../shared/adapters/registers/registers.ts'
import { memoryRegisters } from '../../support/memory-registers.ts'

afterEach(() => void vi.useRealTimers())

const AT = { collection: 'c', key: 'k' } as const

const add = (registers: Registers, name: string) =>
  changeRegister(registers, AT, (before) => ({
    after: Buffer.from(`${before?.toString() ?? ''}${name} `),
    result: undefined,
  }))

test('of a hundred who change one register through four instances none is lost', async () => {
  const shared = memoryRegisters()
  // Each has its own queue, and a store that takes its time.
  const instances = Array.from({ length: 4 }, () => ({
    ...shared,
    write: async (...args: Parameters<Registers['write']>) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return shared.write(...args)
    },
  }))
  const names = instances.flatMap((_, i) => Array.from({ length: 25 }, (__, n) => `${i}-${n}`))
  await Promise.all(
    instances.flatMap((instance, i) =>
      Array.from({ length: 25 }, (_, n) => add(instance, `${i}-${n}`)),
    ),
  )
  const kept = (await shared.read(AT.collection, AT.key))?.bytes.toString().trim().split(' ')
  expect(kept?.toSorted()).toEqual(names.toSorted())
})

test('who is always too late gives up after 20 seconds, and not before', async () => {
  vi.useFakeTimers()
  const shared = memoryRegisters()
  const registers: Registers = { ...shared, write: async () => false }
  let said = ''
  const ended = add(registers, 'a').catch((cause: unknown) => (said = String(cause)))
  await vi.advanceTimersByTimeAsync(19_000)
  expect(said).toBe('')
  await vi.advanceTimersByTimeAsync(2_000)
  await ended
  expect(said).toContain('others keep writing `c`')
})

test('a change that hangs does not keep others from theirs for long', async () => {
  vi.useFakeTimers()
  const shared = memoryRegisters()
  let reads = 0
  const registers: Registers = {
    ...shared,
    read: (...args) => ((reads += 1) === 1 ? new Promise(() => {}) : shared.read(...args)),
  }
  void add(registers, 'hangs')
  const written = add(registers, 'b')
  await vi.advanceTimersByTimeAsync(4_999)
  expect(reads).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  await written
})

test('a change that throws is no business of the next', async () => {
  const registers = memoryRegisters()
  const failed = changeRegister(registers, AT, () => {
    throw new Error('no grant')
  })
  const written = add(registers, 'b')
  await expect(failed).rejects.toThrow('no grant')
  await written
  expect((await registers.read('c', 'k'))?.bytes.toString()).toBe('b ')
})
