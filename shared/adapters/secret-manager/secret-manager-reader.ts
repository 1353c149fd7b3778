import type { SecretManagerServiceClient } from '@google-cloud/secret-manager'
import type { AuthClient } from 'google-auth-library'
import { z } from 'zod'

import { crc32c } from './crc32c.ts'
import { CredentialUnavailable } from './credential-unavailable.ts'
import { Redacted } from './redacted.ts'
import { withTimeout } from './with-timeout.ts'

/** One version of a secret. A version never changes, so its number says what was used. */
interface SecretVersion {
  /** `projects/P/secrets/S/versions/7`: never `latest`. P is spelled as it was asked for. */
  readonly version: string
  readonly payload: Redacted<Buffer>
}

/**
 * Port. Reads `projects/P/secrets/S/versions/V`, where V may be `latest`, with its checksum verified.
 * Rejects only with `CredentialUnavailable`, within 4 s.
 */
export type ReadSecret = (name: string) => Promise<SecretVersion>

export interface SecretManagerOptions {
  /** A stand-in. Who controls it chooses the key that Sluice uses. */
  readonly endpoint?: URL
  /** Sluice's own identity; application default credentials unless given. */
  readonly authClient?: AuthClient
  /** Default 4,000. */
  readonly timeoutMs?: number
}

/**
 * `ReadSecret` on Secret Manager's official client, over REST. Nothing is loaded or connected before
 * the first read. https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
 */
export function secretManagerReader(options: SecretManagerOptions = {}): ReadSecret {
  const { timeoutMs = 4000 } = options
  let connecting: Promise<SecretManagerServiceClient> | undefined
  return async (name) => {
    const asked = parseVersionName(name)
    if (asked === undefined) throw new TypeError(`not the name of a secret version: \`${name}\``)
    connecting ??= connect(options)
    const client = await connecting
    // The client's own timeout counts attempts, not the waits between them: with 429 it takes thrice as long.
    const access = client.accessSecretVersion({ name }, { timeout: timeoutMs })
    const [reply] = await withTimeout(access, timeoutMs).catch((cause: unknown) => {
      throw new CredentialUnavailable(
        refusals.has(codeOf(cause)) ? 'secret-refused' : 'secret-manager-unavailable',
      )
    })
    return verify(asked, reply)
  }
}

/** `google.rpc.Code`: not found, permission denied, failed precondition (disabled or destroyed). */
const refusals = new Set<unknown>([5, 7, 9])

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
}

async function connect(options: SecretManagerOptions): Promise<SecretManagerServiceClient> {
  const { SecretManagerServiceClient: Client } = await import('@google-cloud/secret-manager')
  const { endpoint, authClient } = options
  const client = new Client({
    fallback: true,
    enableTelemetryLogging: false,
    enableTelemetryTracing: false,
    ...(authClient === undefined ? {} : { authClient }),
    ...(endpoint === undefined
      ? {}
      : {
          apiEndpoint: endpoint.hostname,
          port: Number(endpoint.port),
          protocol: endpoint.protocol.slice(0, -1),
        }),
  })
  // With GOOGLE_SDK_NODE_LOGGING set, the client prints each reply, which here is the key itself.
  Reflect.set(client, '_log', { info: () => {} })
  return client
}

const accessReply = z.object({
  name: z.string(),
  payload: z.object({ data: z.instanceof(Uint8Array), dataCrc32c: z.coerce.string() }),
})

/** Fail closed: a payload without its checksum, or of a version that was not asked for, is not used. */
function verify(asked: VersionName, reply: unknown): SecretVersion {
  const parsed = accessReply.safeParse(reply)
  if (!parsed.success) throw new CredentialUnavailable('secret-manager-unavailable')
  const { data, dataCrc32c } = parsed.data.payload
  const got = parseVersionName(parsed.data.name)
  if (
    dataCrc32c !== String(crc32c(data)) ||
    got === undefined ||
    got.version === 'latest' ||
    got.secret !== asked.secret ||
    (asked.version !== 'latest' && asked.version !== got.version)
  )
    throw new CredentialUnavailable('secret-corrupt')
  // Secret Manager answers with the project's number; the record keeps the spelling of the policy.
  const version = `projects/${asked.project}/secrets/${asked.secret}/versions/${got.version}`
  return { version, payload: new Redacted(Buffer.from(data)) }
}

interface VersionName {
  readonly project: string
  readonly secret: string
  readonly version: string
}

function parseVersionName(name: string): VersionName | undefined {
  const match = /^projects\/([^/]+)\/secrets\/([^/]+)\/versions\/([1-9][0-9]*|latest)$/.exec(name)
  const [, project, secret, version] = match ?? []
  return project === undefined || secret === undefined || version === undefined
    ? undefined
    : { project, secret, version }
}
