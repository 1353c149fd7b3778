import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { type Name, deployFunctions } from './deployed-functions.ts'
import type { Deployable } from './deployed/deployment.ts'
import { startGoogleFront } from './google-front.ts'
import { startOtlpBytes } from './otlp-bytes.ts'
import { KEY_RING } from './stub-cloud-kms.ts'

export const FUNCTIONS = [
  'gateway',
  'approval-notifier',
  'approval-resolver',
  'slack',
  'sweeper',
  'console',
  'log-publisher',
  'reconciler',
  'retainer',
] as const satisfies readonly Name[]

/** Everything that makes a process talk. */
const TALKATIVE = {
  SLUICE_LOG_LEVEL: 'debug',
  DEBUG: '*',
  NODE_DEBUG: 'http,http2,https,tls,undici,fetch',
  GOOGLE_SDK_NODE_LOGGING: 'all',
  GRPC_TRACE: 'all',
  GRPC_VERBOSITY: 'DEBUG',
  OTEL_LOG_LEVEL: 'all',
  OTEL_TRACES_SAMPLER: 'always_on',
  OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  OTEL_BSP_SCHEDULE_DELAY: '300',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  OTEL_METRIC_EXPORT_TIMEOUT: '900',
}

/**
 * All functions with every log and trace on, on Google's emulators of Firestore and Pub/Sub and in front of stand-ins of
 * everything else of Google's: keys in Cloud KMS, the log in a bucket, BigQuery with a key from Secret Manager.
 */
export async function deployCanaries(on: Deployable) {
  const [front, collector] = await Promise.all([startGoogleFront(), startOtlpBytes()])
  const pushed: Buffer[] = []
  const here = await deployFunctions(on, FUNCTIONS, {
    imports: [pathToFileURL(join(import.meta.dirname, 'plain-google-child.ts')).href],
    policy: (usual) =>
      usual.replace(
        'credential: none',
        'credential: { secret: projects/acme/secrets/bigquery/versions/latest }',
      ),
    onPush: (body) => pushed.push(body),
    environment: (name, urlOf) => ({
      ...TALKATIVE,
      GOOGLE_FRONT: String(front.port),
      GCE_METADATA_HOST: `127.0.0.1:${front.port}`,
      METADATA_SERVER_DETECTION: 'assume-present',
      CLOUDSDK_CONFIG: '/nonexistent',
      SLUICE_BIGQUERY_URL: undefined,
      SLUICE_RECORD_KEYS: `kms:${KEY_RING}`,
      SLUICE_LOG_OBJECTS: 'bucket:acme-log',
      SLUICE_CONSOLE_URL: urlOf('console'),
      OTEL_SERVICE_NAME: name,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    }),
  })
  front.use({ bigQueryUrl: here.bigQueryUrl })
  return {
    here,
    front,
    collector,
    pushed,
    close: async () => {
      await here.close()
      await Promise.all([front.close(), collector.close()])
    },
  }
}

export type CanaryDeployment = Awaited<ReturnType<typeof deployCanaries>>
