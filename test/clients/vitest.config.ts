import { defineConfig } from 'vitest/config'

import { missingEmulators } from '../support/emulators.ts'

const missing = missingEmulators(process.env)
if (missing.length > 0)
  console.warn(`skipped, clients of the built functions: ${missing.join('; ')}`)

const common = {
  include: ['test/clients/**/*.test.ts'],
  // The first answer of a program of 300 MB takes a while, and one query takes 15 s by itself.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  env: { NODE_ENV: 'test', METADATA_SERVER_DETECTION: 'none' },
}

/** The same tests twice: of the sources as `npm start` runs them, and of what `npm run build` makes of them, as it is deployed. */
export default defineConfig({
  test: {
    // They wait for other programs most of the time.
    maxWorkers: 4,
    passWithNoTests: true,
    projects: [
      { test: { ...common, name: 'sources', provide: { clientsOf: 'sources' } } },
      {
        test: {
          ...common,
          name: 'dist',
          provide: { clientsOf: 'dist' },
          globalSetup: ['test/support/global-setup.ts', 'test/clients/support/build-first.ts'],
          // Where there are no emulators it has no tests.
          ...(missing.length === 0 ? {} : { include: [] }),
        },
      },
    ],
  },
})
