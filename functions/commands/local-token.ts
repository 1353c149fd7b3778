/** What the token endpoint of the local issuer answers. */
export interface LocalToken {
  readonly access_token: string
  readonly token_type: string
  /** Seconds. */
  readonly expires_in: number
}

const DIRECT_GRANT = 'urn:sluice:local:direct'

/** The issuer on this machine that the gateway trusts. Rejects when it trusts none. */
export async function localIssuer(gateway: string): Promise<string> {
  const { authorization_servers: servers } = await json(
    `${gateway}/.well-known/oauth-protected-resource`,
  )
  const issuers: readonly unknown[] = Array.isArray(servers) ? servers : []
  const issuer = issuers.find((one) => typeof one === 'string' && isLoopback(one))
  if (typeof issuer !== 'string')
    throw new Error(`this gateway trusts no issuer on this machine: \`${gateway}\``)
  return issuer
}

/**
 * A token for a machine (client credentials) or a person (the local issuer's direct grant). Rejects
 * for every other issuer before it hears of the secret.
 */
export async function localToken(
  issuer: string,
  name: string,
  secret: string,
): Promise<LocalToken> {
  if (!isLoopback(issuer)) throw new Error(`not an issuer on this machine: \`${issuer}\``)
  const metadata = await json(`${issuer}/.well-known/openid-configuration`)
  const grants = metadata['grant_types_supported']
  const endpoint = metadata['token_endpoint']
  if (!Array.isArray(grants) || !grants.includes(DIRECT_GRANT) || typeof endpoint !== 'string')
    throw new Error(`not the local issuer of \`npm start\`: \`${issuer}\``)

  const machine = await ask(endpoint, {
    grant_type: 'client_credentials',
    client_id: name,
    client_secret: secret,
  })
  const token =
    machine ??
    (await ask(endpoint, {
      grant_type: DIRECT_GRANT,
      client_id: 'sluice-cli',
      username: name,
      password: secret,
    }))
  if (token === undefined)
    throw new Error(`the local issuer knows no such name, or another secret: \`${name}\``)
  return token
}

async function ask(
  endpoint: string,
  form: Readonly<Record<string, string>>,
): Promise<LocalToken | undefined> {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) })
  if (!response.ok) return undefined
  const reply: unknown = await response.json()
  return isToken(reply) ? reply : undefined
}

async function json(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url).catch(() => undefined)
  if (response === undefined) throw new Error(`no answer; is \`npm start\` running? \`${url}\``)
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok || typeof body !== 'object' || body === null)
    throw new Error(`status ${response.status} and no document: \`${url}\``)
  return Object.fromEntries(Object.entries(body))
}

function isToken(reply: unknown): reply is LocalToken {
  return (
    typeof reply === 'object' &&
    reply !== null &&
    'access_token' in reply &&
    typeof reply.access_token === 'string' &&
    'token_type' in reply &&
    typeof reply.token_type === 'string' &&
    'expires_in' in reply &&
    typeof reply.expires_in === 'number'
  )
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}
