import { seeded } from '../../data/random.ts'
import type { Step } from '../step.ts'
import { timeOfDay } from '../stretch-of.ts'
import { agents } from './agents.ts'
import { analysts } from './analysts.ts'
import { approvals } from './approvals.ts'
import { builds } from './builds.ts'
import type { Chapter } from './chapter.ts'
import { clinicians } from './clinicians.ts'
import { oversight } from './oversight.ts'
import { suspicious } from './suspicious.ts'

const chapters: readonly Chapter[] = [
  agents,
  analysts,
  approvals,
  builds,
  clinicians,
  oversight,
  suspicious,
]

/** Everything that happens on this day (`YYYY-MM-DD`), in its order; the same for the same day. */
export function dayStory(day: string): readonly Step[] {
  const steps = chapters.flatMap((chapter, index) =>
    // A seed of its own: what is added to one chapter changes no other.
    chapter(seeded(Date.parse(`${day}T00:00:00Z`) / 86_400_000 + index * 100_003)),
  )
  const change: Step = { at: timeOfDay('12:30:00'), kind: 'policy', edition: 'afternoon' }
  return [...steps, change].toSorted((a, b) => a.at - b.at)
}
