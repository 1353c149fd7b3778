/** Where things are. What Sluice does is in the policy file; nothing here changes it. */
export interface Settings {
  /** The policy file. Who controls it decides who sees which data. */
  readonly policyFile: string
  /** The gateway's address as callers see it: issuer and audience of its own tokens. */
  readonly url: string
  readonly store: StoreSettings
  /** Who controls it receives the credentials of all connections. */
  readonly bigQueryUrl: URL | undefined
  /** Signs the gateway's own tokens. Who controls it can be anybody. */
  readonly signingKey: { readonly kind: 'file' | 'secret'; readonly name: string }
  /** Proxies in front that append to `X-Forwarded-For`; 0: the socket's address counts. */
  readonly proxyHops: number
  /** After so many seconds the platform ends a request. */
  readonly requestTimeoutSeconds: number
}

export type StoreSettings =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'firestore'
      readonly projectId: string
      readonly entries: string
      readonly operations: string
    }

/** What each variable means, for errors and for the documentation. */
export const variables = {
  SLUICE_POLICY: 'path of the policy file',
  SLUICE_URL: 'the https URL of the gateway, as clients call it',
  SLUICE_STORE:
    '`sqlite:FILE` or `firestore:PROJECT/ENTRIES_DATABASE/OPERATIONS_DATABASE` (default databases: sluice-entries, sluice-operations)',
  SLUICE_SIGNING_KEY: '`file:FILE` or `secret:projects/P/secrets/S/versions/V`',
  SLUICE_BIGQUERY_URL: 'BigQuery, if it is not https://bigquery.googleapis.com',
  SLUICE_PROXY_HOPS: 'proxies in front that append to X-Forwarded-For (default 0)',
  SLUICE_REQUEST_TIMEOUT_SECONDS: "the function's timeout (default 3600)",
} as const

type Name = keyof typeof variables

/** Reads the environment; throws one error that names everything that is missing or wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const problems: string[] = []
  const wrong = (name: Name) => problems.push(`${name}: ${variables[name]}`)
  const text = (name: Name): string => {
    const value = env[name]
    if (value === undefined || value === '') wrong(name)
    return value ?? ''
  }
  const whole = (name: Name, usual: number): number => {
    const value = env[name] ?? String(usual)
    if (!/^\d{1,6}$/.test(value)) wrong(name)
    return Number(value)
  }

  const url = text('SLUICE_URL').replace(/\/+$/, '')
  if (!/^(https:\/\/[^\s/?#@]+(\/[^\s?#]*)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)$/.test(url))
    wrong('SLUICE_URL')
  const store = storeOf(text('SLUICE_STORE'))
  if (store === undefined) wrong('SLUICE_STORE')
  const key = /^(file|secret):(.+)$/.exec(text('SLUICE_SIGNING_KEY'))
  if (key === null) wrong('SLUICE_SIGNING_KEY')
  const bigQuery = env['SLUICE_BIGQUERY_URL'] ?? ''
  if (bigQuery !== '' && !URL.canParse(bigQuery)) wrong('SLUICE_BIGQUERY_URL')

  const settings = {
    policyFile: text('SLUICE_POLICY'),
    url,
    bigQueryUrl: URL.canParse(bigQuery) ? new URL(bigQuery) : undefined,
    signingKey: { kind: key?.[1] === 'secret' ? 'secret' : 'file', name: key?.[2] ?? '' },
    proxyHops: whole('SLUICE_PROXY_HOPS', 0),
    requestTimeoutSeconds: whole('SLUICE_REQUEST_TIMEOUT_SECONDS', 3600),
  } as const
  if (problems.length > 0 || store === undefined)
    throw new Error(`the environment is incomplete:\n  ${[...new Set(problems)].join('\n  ')}`)
  return { ...settings, store }
}

/** What `SLUICE_STORE` says; undefined when it says nothing of the kind. */
export function storeOf(text: string): StoreSettings | undefined {
  const sqlite = /^sqlite:(.+)$/.exec(text)?.[1]
  if (sqlite !== undefined) return { kind: 'sqlite', path: sqlite }
  const parts = /^firestore:([^/]+)(?:\/([^/]+)\/([^/]+))?$/.exec(text)
  const projectId = parts?.[1]
  if (projectId === undefined) return undefined
  return {
    kind: 'firestore',
    projectId,
    entries: parts?.[2] ?? 'sluice-entries',
    operations: parts?.[3] ?? 'sluice-operations',
  }
}
