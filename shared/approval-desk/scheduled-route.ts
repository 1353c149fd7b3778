import { Hono } from 'hono'

import { type BelievedOptions, believed } from './believed.ts'

export interface ScheduledOptions extends BelievedOptions {
  readonly sweep: () => Promise<void>
  /** Told why a sweep did not get to its end. */
  readonly onFailure: (cause: unknown) => void
}

/** `POST /sweep` for Cloud Scheduler, which tries again after any answer but a 2xx. Its body is not read. */
export function scheduledRoute(options: ScheduledOptions): Hono {
  const app = new Hono()
  app.post('/sweep', believed(options), async (c) => {
    await options.sweep()
    return c.body(null, 204)
  })
  app.onError((cause, c) => {
    options.onFailure(cause)
    return c.json({ error: 'the sweep did not get to its end' }, 500)
  })
  return app
}
