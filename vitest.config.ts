import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { defineConfig } from 'vitest/config'

/** Tests of what runs in the test's own process and leaves nothing there: files share a process, and what they import. */
const TOGETHER = [
  'test/{approval-desk,architecture,attack,console,unit,vectors}/**/*.test.ts',
  'test/gateway/{approvals,every-method,faults,ingress,jobs.*,masking,metadata,sign-in,tabledata.list}/**/*.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // Far more than any test takes on a machine of its own: others may have it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // One more than there are cores, as many tests wait for processes. Vitest would leave a core to whoever watches:
    // on two cores that is one file at a time.
    maxWorkers: availableParallelism() + 1,
    env: {
      METADATA_SERVER_DETECTION: 'none',
      NODE_ENV: 'test',
      // Node need not read a thousand modules anew for every process that a test starts.
      NODE_COMPILE_CACHE: join(tmpdir(), 'sluice-compiled'),
    },
    projects: [
      {
        // First, as they take longest: they start processes, and wait for them.
        test: {
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...TOGETHER, 'test/clients/**'],
        },
      },
      {
        test: {
          name: 'together',
          include: TOGETHER,
          isolate: false,
          setupFiles: ['test/support/leave-nothing.ts'],
        },
      },
    ],
  },
})
