import { SignJWT, exportJWK, generateKeyPair } from 'jose'

/** Whom the issuer of the gateway's own tests knows, with their groups. */
export const PEOPLE = {
  ana: ['analysts'],
  bob: ['analysts'],
  otto: ['auditors'],
  etl: ['etl'],
  petra: ['privacy-office'],
  paul: ['privacy-office'],
  carla: ['clinicians'],
  eve: [],
} as const satisfies Record<string, readonly string[]>

export type Person = keyof typeof PEOPLE

export const ISSUER = 'https://id.acme.example'
export const GATEWAY = 'https://sluice.acme.example'

const signing = await generateKeyPair('ES256', { extractable: true })

/** What the issuer publishes of its key. */
export const publicJwk = {
  ...(await exportJWK(signing.publicKey)),
  kid: 'world',
  alg: 'ES256',
  use: 'sig',
}

/** A token of somebody, good for ten minutes from `now` (epoch milliseconds), but for `claims`. */
export function signToken(
  name: Person,
  now: number,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const iat = Math.floor(now / 1000)
  return new SignJWT({
    iss: ISSUER,
    aud: GATEWAY,
    sub: name,
    groups: PEOPLE[name],
    client_id: 'bq',
    sid: `sign-in-of-${name}`,
    iat,
    exp: iat + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'world', typ: 'at+jwt', ...header })
    .sign(signing.privateKey)
}

/** The policy of these tests: analysts read the hospital but its secrets, auditors its claims. */
export const POLICY = `version: 1
issuers:
  - issuer: ${ISSUER}
    audiences: [${GATEWAY}]
    clients: [bq, mcp-toolbox]
connections:
  - id: main
    projects: [acme]
    location: US
    credential: none
    limits: { maximumBytesBilled: 10 GiB, jobTimeout: 10m }
  - id: lab
    projects: [lab]
    credential: none
rules:
  - id: analysts-read
    description: Analysts read.
    effect: permit
    when: >-
      "analysts" in principal.groups && query.statementType == "SELECT" &&
      query.tables.all(t, t.glob("acme.hospital.*"))
    maximumBytesBilled: 1 GiB
  - id: auditors-read-claims
    description: Auditors read claims.
    effect: permit
    when: >-
      "auditors" in principal.groups && query.statementType == "SELECT" &&
      query.tables.all(t, t == "acme.hospital.claims")
  - id: etl-writes
    description: The nightly job fills the hospital.
    effect: permit
    when: >-
      "etl" in principal.groups && query.tables.all(t, t.glob("acme.hospital.*"))
  - id: nobody-reads-secrets
    description: Secrets stay secret.
    effect: deny
    when: query.tables.exists(t, t.glob("*.secret_*"))
`
