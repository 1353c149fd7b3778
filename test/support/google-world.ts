import { credentialProviders } from '../../shared/adapters/bigquery/credential-providers.ts'
import { undiciUpstream } from '../../shared/adapters/bigquery/undici-upstream.ts'
import { Redacted } from '../../shared/adapters/secret-manager/redacted.ts'
import { secretManagerReader } from '../../shared/adapters/secret-manager/secret-manager-reader.ts'
import type { Connection, CredentialSource } from '../../shared/policy/policy.ts'
import { rsaKeys, type TestServiceAccount, testServiceAccount } from './service-account.ts'
import { OWN_TOKEN, startStubGoogleOauth } from './stub-google-oauth.ts'
import { startStubSecretManager } from './stub-secret-manager.ts'
import { startStubUpstream } from './stub-upstream.ts'

const SECRET = 'projects/acme/secrets/bigquery/versions/latest'
export const READER = 'bigquery-reader@acme.iam.gserviceaccount.com'

const keys = rsaKeys()
const otherKeys = rsaKeys()
const ownIdentity = () => Promise.resolve(new Redacted(OWN_TOKEN))

/**
 * The upstream adapter with everything of Google around it: BigQuery, Secret Manager with one key,
 * the token endpoint, IAM Credentials. Connections `main` (secret), `keyless` and `local`.
 */
export async function googleWorld(secretManagerTimeoutMs = 1900) {
  const time = { now: Date.now() }
  const clock = () => time.now
  const [bigQuery, secretManager, oauth] = await Promise.all([
    startStubUpstream(),
    startStubSecretManager(),
    startStubGoogleOauth(clock),
  ])
  const account = testServiceAccount(oauth.tokenUri, keys)
  oauth.trust(account)
  secretManager.add(account.keyFile)

  const providers = credentialProviders(
    [
      connection('main', { kind: 'secret', secret: SECRET }),
      connection('keyless', { kind: 'impersonate', serviceAccount: READER }),
      connection('local', { kind: 'none' }),
    ],
    {
      clock,
      readSecret: secretManagerReader({
        baseUrl: secretManager.url,
        ownIdentity,
        timeoutMs: secretManagerTimeoutMs,
      }),
      tokenUri: oauth.tokenUri,
      ownIdentity,
      iamCredentials: oauth.iamCredentials,
    },
  )
  const upstream = undiciUpstream({
    baseUrl: bigQuery.url,
    credentials: providers,
    clock,
    maxReplyBytes: 1_000_000,
  })
  return {
    time,
    bigQuery,
    secretManager,
    oauth,
    account,
    providers,
    upstream,
    /** The next version of the secret, with a key that the token endpoint accepts. */
    rotate: (): TestServiceAccount => {
      const next = testServiceAccount(oauth.tokenUri, otherKeys)
      oauth.trust(next)
      secretManager.add(next.keyFile)
      return next
    },
    close: async () => {
      await upstream.close()
      await Promise.all([bigQuery.close(), secretManager.close(), oauth.close()])
    },
  }
}

export type GoogleWorld = Awaited<ReturnType<typeof googleWorld>>

function connection(id: string, credential: CredentialSource): Connection {
  return {
    id,
    projects: [],
    location: undefined,
    credential,
    limits: { maximumBytesBilled: undefined, jobTimeoutMs: undefined },
  }
}
