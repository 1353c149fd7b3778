import { crc32c } from '../../shared/adapters/secret-manager/crc32c.ts'
import { secretManagerMethods } from './documented-methods.ts'
import { notDocumented } from './documented-requests.ts'
import { jsonReply } from './stub-replies.ts'
import { type Respond, type StubRequest, startStubUpstream } from './stub-upstream.ts'

export interface StubSecretManager {
  readonly url: URL
  readonly requests: StubRequest[]
  /** Adds the next version of the secret and returns its number. */
  add(payload: Buffer): number
  /** As `gcloud secrets versions disable`. */
  disable(version: number): void
  /** Answers with this from now on; without it, as Secret Manager does. */
  fail(respond?: Respond): void
  close(): Promise<void>
}

/**
 * Secret Manager's `secrets.versions.access` for one secret, `projects/acme/secrets/bigquery`: the
 * documented JSON, the project by its number, the checksum as a decimal string.
 */
export async function startStubSecretManager(): Promise<StubSecretManager> {
  const versions: { readonly payload: Buffer; disabled: boolean }[] = []
  let fault: Respond | undefined

  const access: Respond = (request, response) => {
    const refuse = (code: number, status: string, message: string): void | Promise<void> =>
      jsonReply(code, { error: { code, message, status } })(request, response)
    if (!/^Bearer \S+$/.test(request.headers.authorization ?? ''))
      return refuse(401, 'UNAUTHENTICATED', 'Request is missing required credential.')
    const undocumented = notDocumented(request, secretManagerMethods)
    if (undocumented !== undefined) return undocumented(request, response)
    const path = /^\/v1\/projects\/acme\/secrets\/bigquery\/versions\/(\d+|latest):access$/
    const [, asked] = path.exec(request.path) ?? []
    const number = asked === 'latest' ? versions.length : Number(asked)
    const version = versions[number - 1]
    if (version === undefined) return refuse(404, 'NOT_FOUND', 'Secret Version not found.')
    const name = `projects/471100000001/secrets/bigquery/versions/${number}`
    if (version.disabled)
      return refuse(400, 'FAILED_PRECONDITION', `Secret Version [${name}] is in DISABLED state.`)
    const { payload } = version
    return secretReply(name, payload, String(crc32c(payload)))(request, response)
  }
  const server = await startStubUpstream((request, response) =>
    (fault ?? access)(request, response),
  )
  return {
    url: server.url,
    requests: server.requests,
    add: (payload) => versions.push({ payload, disabled: false }),
    disable: (version) => {
      const found = versions[version - 1]
      if (found !== undefined) found.disabled = true
    },
    fail: (respond) => {
      fault = respond
    },
    close: () => server.close(),
  }
}

/** The answer to `access`, for tests that damage it. */
export function secretReply(
  name: string,
  payload: Buffer,
  dataCrc32c: string | undefined,
): Respond {
  return jsonReply(200, { name, payload: { data: payload.toString('base64'), dataCrc32c } })
}
