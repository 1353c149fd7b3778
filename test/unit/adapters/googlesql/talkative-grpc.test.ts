import { fork } from 'node:child_process'
import { once } from 'node:events'

import { expect, test } from 'vitest'

test('gRPC that is told to print everything prints nothing of what GoogleSQL says of a statement', async () => {
  const child = fork(new URL('../../../support/talkative-googlesql-child.ts', import.meta.url), {
    silent: true,
    env: { ...process.env, GRPC_TRACE: 'all', GRPC_VERBOSITY: 'DEBUG' },
  })
  const printed: string[] = []
  child.stdout?.on('data', (chunk) => printed.push(String(chunk)))
  child.stderr?.on('data', (chunk) => printed.push(String(chunk)))
  const closed = once(child, 'close')
  const [said]: unknown[] = await once(child, 'message')
  await closed
  expect(said).toContain('canary of a patient')
  expect(printed.join(''), 'it would print').toContain("string literal 'nobody'")
  expect(printed.join('')).not.toContain('canary')
})
