import { z } from 'zod'

import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import { type GoogleCallOptions, googleCall } from '../google-call.ts'
import type { WholeReply } from '../whole-reply.ts'
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

/**
 * `ReadSecret` on Secret Manager's JSON API, as Sluice's own identity. Not on its client, which takes its token wherever it
 * is redirected, believes what it finds there, and inflates whatever it is sent.
 * https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
 */
export function secretManagerReader(options: GoogleCallOptions): ReadSecret {
  const call = googleCall(SECRET_MANAGER, { timeoutMs: TRY_MS, ...options })
  return async (name) => {
    const asked = parseVersionName(name)
    if (asked === undefined) throw new TypeError(`not the name of a secret version: \`${name}\``)
    // Whose rights are used has to be found out too.
    const access = withTimeout(call({ method: 'GET', path: `/v1/${name}:access` }), WITHIN_MS)
    const reply = await access.catch((cause: unknown) => {
      if (cause instanceof CredentialUnavailable) throw cause
      throw new CredentialUnavailable('secret-manager-unavailable')
    })
    if (reply.status === 200) return verify(asked, jsonOf(reply))
    throw new CredentialUnavailable(
      isRefusal(reply) ? 'secret-refused' : 'secret-manager-unavailable',
    )
  }
}

const SECRET_MANAGER = {
  name: 'secret manager',
  url: new URL('https://secretmanager.googleapis.com'),
  // A payload has 64 KiB at most, in base64.
  maxBytes: 128 * 1024,
  pausesMs: [150],
}

const TRY_MS = 1900
const WITHIN_MS = 4000

/** No permission, no such secret, or a version that is disabled or destroyed. */
function isRefusal({ status, body }: WholeReply): boolean {
  if (status === 403 || status === 404) return true
  return status === 400 && parseErrorBody(body)?.status === 'FAILED_PRECONDITION'
}

const accessReply = z.object({
  name: z.string(),
  payload: z.object({
    // Left out when it is empty, as everything that is empty.
    data: z.base64().default(''),
    dataCrc32c: z.string(),
  }),
})

/** Fail closed: a payload without its checksum, or of a version that was not asked for, is not used. */
function verify(asked: VersionName, reply: unknown): SecretVersion {
  const parsed = accessReply.safeParse(reply)
  if (!parsed.success) throw new CredentialUnavailable('secret-manager-unavailable')
  const { data, dataCrc32c } = parsed.data.payload
  const bytes = Buffer.from(data, 'base64')
  const got = parseVersionName(parsed.data.name)
  if (
    dataCrc32c !== String(crc32c(bytes)) ||
    got === undefined ||
    got.version === 'latest' ||
    got.secret !== asked.secret ||
    (asked.version !== 'latest' && asked.version !== got.version)
  )
    throw new CredentialUnavailable('secret-corrupt')
  // Secret Manager answers with the project's number; the record keeps the spelling of the policy.
  const version = `projects/${asked.project}/secrets/${asked.secret}/versions/${got.version}`
  return { version, payload: new Redacted(bytes) }
}

interface VersionName {
  readonly project: string
  readonly secret: string
  readonly version: string
}

/** Ids as Google makes them: nothing that would be another address, or part of one. */
function parseVersionName(name: string): VersionName | undefined {
  const match =
    /^projects\/([a-z0-9][a-z0-9.:-]{0,62})\/secrets\/([\w-]{1,255})\/versions\/([1-9][0-9]*|latest)$/.exec(
      name,
    )
  const [, project, secret, version] = match ?? []
  return project === undefined || secret === undefined || version === undefined
    ? undefined
    : { project, secret, version }
}

function jsonOf({ body }: WholeReply): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // What JSON.parse complains about is quoted, and may be half a key.
    return undefined
  }
}
