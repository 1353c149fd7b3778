import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

import type { ClientWorld } from './client-world.ts'

/** Whether this machine has `bq`. Says so when it has not. */
export function hasBq(): boolean {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'bq'), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (!found) console.warn('skipped: there is no bq on this machine (it comes with the gcloud CLI)')
  return found
}

/** For `bq`: this gateway, a configuration of its own, and no credential yet. */
export function bqEnvironment(world: ClientWorld): Readonly<Record<string, string>> {
  return {
    ...world.env,
    CLOUDSDK_CONFIG: join(world.folder, 'gcloud'),
    CLOUDSDK_CORE_PROJECT: 'acme',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_CORE_CHECK_GCE_METADATA: '0',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_BIGQUERY: `${world.gateway}/`,
  }
}
