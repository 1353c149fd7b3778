import type { Random } from '../../data/random.ts'
import type { Step } from '../step.ts'

/** What one group of people and machines does in the day. */
export type Chapter = (random: Random) => readonly Step[]
