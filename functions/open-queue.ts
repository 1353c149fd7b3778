import { inProcessQueue } from '../shared/adapters/in-process-queue/in-process-queue.ts'
import { pubSubPublisher } from '../shared/adapters/pubsub/pubsub-publisher.ts'
import type { DeskWork } from '../shared/approval-desk/desk-work.ts'
import type { Publish } from '../shared/approval/messages.ts'
import type { Settings } from './settings.ts'

/** How functions tell each other. */
export interface Queue {
  readonly publish: Publish
  close(): Promise<void>
}

/** The topics that infra creates. */
const TOPICS = {
  'dev.sluice.approval.requested': 'approval-requests',
  'dev.sluice.approval.vote': 'approval-decisions',
} as const

/** Pub/Sub where the settings name a project; else messages are received in this process, by `desk`. */
export function openQueue(
  { pubSubProject }: Pick<Settings, 'pubSubProject'>,
  {
    desk,
    onFailure,
  }: {
    readonly desk: <T>(work: (desk: DeskWork) => Promise<T>) => Promise<T>
    readonly onFailure: (cause: unknown) => void
  },
): Queue {
  if (pubSubProject !== undefined)
    return pubSubPublisher({ projectId: pubSubProject, topics: TOPICS })
  return inProcessQueue({
    receive: {
      'dev.sluice.approval.requested': (message) =>
        desk(async ({ receive }) => receive['dev.sluice.approval.requested']?.(message)),
      'dev.sluice.approval.vote': (message) =>
        desk(async ({ receive }) => receive['dev.sluice.approval.vote']?.(message)),
    },
    deadLetter: (message) => desk(({ deadLetter }) => deadLetter(message)),
    onFailure,
  })
}
