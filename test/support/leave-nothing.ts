import { afterAll, vi } from 'vitest'

/** What files, or what they import, put something else in place of: Hono's server has its own `Request` and `Response`. */
const REPLACED = ['Date', 'Request', 'Response', 'fetch'] as const

const before = REPLACED.map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
)

// Set up before each file of those that share a process: for the next one all is as it was.
afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.resetConfig()
  for (const [name, usual] of before)
    if (usual !== undefined) Object.defineProperty(globalThis, name, usual)
})
