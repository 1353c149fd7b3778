import { describe } from 'vitest'

import { sharedMemory } from '../support/shared-memory.ts'
import { approvalChances } from './approval-chances.ts'
import { approvalCrashes } from './approval-crashes.ts'
import { approvalRaces } from './approval-races.ts'

describe('approvals in memory', () => {
  approvalChances(sharedMemory, 40)
  approvalRaces(sharedMemory, 10)
  approvalCrashes(sharedMemory, {
    kinds: [
      ['crash', 'again'],
      ['glitch', 'again'],
    ],
  })
})
