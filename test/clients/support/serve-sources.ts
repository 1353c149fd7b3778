import { join } from 'node:path'

import { startLocalStack } from '../../../infra/local/local-stack.ts'
import { type HeardEntry, heard } from './recorded-calls.ts'
import type { ServeOptions, Served } from './served.ts'

/** The local stack, in this process. */
export async function serveSources(options: ServeOptions): Promise<Served> {
  const entries: HeardEntry[] = []
  const stack = await startLocalStack({
    port: 0,
    issuerPort: 0,
    bigqueryPort: 0,
    data: options.data,
    policy: options.policy,
    state: join(options.folder, 'state'),
    onEntry: (entry, facts) => entries.push(heard(entry, facts)),
    onRequest: options.onRequest,
    bigQuery: { workers: 4, onRequest: options.onUpstream, beforeJob: options.beforeJob },
  })
  return { ...stack, entries: async () => [...entries] }
}
