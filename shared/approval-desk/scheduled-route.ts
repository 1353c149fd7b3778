import { Hono } from 'hono'

import { type BelievedOptions, believed } from './believed.ts'

export interface ScheduledOptions extends BelievedOptions {
  /** Where it is, such as `/sweep`. */
  readonly path: string
  readonly work: () => Promise<unknown>
  /** Told why the work did not get to its end. */
  readonly onFailure: (cause: unknown) => void
}

/** A POST for Cloud Scheduler, which tries again after any answer but a 2xx. Its body is not read. */
export function scheduledRoute(options: ScheduledOptions): Hono {
  const app = new Hono()
  app.post(options.path, believed(options), async (c) => {
    await options.work()
    return c.body(null, 204)
  })
  app.onError((cause, c) => {
    options.onFailure(cause)
    return c.json({ error: 'it did not get to its end' }, 500)
  })
  return app
}
