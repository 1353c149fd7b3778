import { describe } from 'vitest'

import { sharedMemory } from '../support/shared-memory.ts'
import { approvalCrashes } from './approval-crashes.ts'
import { approvalRaces } from './approval-races.ts'

describe('approvals in memory', () => {
  approvalRaces(sharedMemory, 20)
  approvalCrashes(sharedMemory, {
    kinds: [
      ['crash', 'lost'],
      ['glitch', 'again'],
    ],
  })
})
