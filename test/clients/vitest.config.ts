import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/clients/**/*.test.ts'],
    // The first answer of a program of 300 MB takes a while, and one query takes 15 s by itself.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // They wait for other programs most of the time.
    maxWorkers: 4,
    env: { NODE_ENV: 'test' },
  },
})
