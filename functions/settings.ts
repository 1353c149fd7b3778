import { type TableReference, tableReference } from '../shared/bigquery/reference.ts'
import { isKeyName } from '../shared/tlog/key-name.ts'

/** Where things are. What Sluice does is in the policy file; nothing here changes it. */
export interface Settings {
  /** The policy file. Who controls it decides who sees which data. */
  readonly policyFile: string
  /** The gateway's address as callers see it: issuer and audience of its own tokens. */
  readonly url: string
  readonly store: StoreSettings
  /** Who controls it receives the credentials of all connections. */
  readonly bigQueryUrl: URL | undefined
  /** Signs the gateway's own tokens. Who controls it can be anybody. Undefined in functions that take none and give none. */
  readonly signingKey: KeptAt | undefined
  /** Signs and seals the record. Who controls it can write another one. */
  readonly recordKeys: KeptAt | { readonly kind: 'kms'; readonly name: string }
  /** Origin of the log: its name for ever, whatever the address becomes. */
  readonly log: string
  /** Where the log is published; undefined in functions that do not publish it. */
  readonly logObjects: { readonly kind: 'folder' | 'bucket'; readonly name: string } | undefined
  /** For so many days nobody can delete or replace what is published in a bucket; 0: the bucket says. */
  readonly logLockDays: number
  /** Pub/Sub topics of this project carry what functions tell each other; undefined: within this process. */
  readonly pubSubProject: string | undefined
  /** Whose pushes and schedules a function believes. Who can act as it can forge every vote. */
  readonly push: PushSettings | undefined
  readonly slack: SlackSettings
  /** Origin of the console; undefined where nobody said: it is the gateway's, and nobody is sent there. */
  readonly consoleUrl: string | undefined
  /** BigQuery's data access logs, as Cloud Logging exports them; undefined: nobody looks. Who writes there can hide a bypass. */
  readonly cloudAuditLogs: TableReference | undefined
  /** Proxies in front that append to `X-Forwarded-For`; 0: the socket's address counts. */
  readonly proxyHops: number
  /** After so many seconds the platform ends a request. */
  readonly requestTimeoutSeconds: number
}

/** Where something secret is kept. */
export interface KeptAt {
  readonly kind: 'file' | 'secret'
  readonly name: string
}

export interface PushSettings {
  readonly serviceAccount: string
  /** What Google puts into `aud`: the URL of the function. */
  readonly audience: string
  /** Google's, but for tests. */
  readonly issuer: string
}

export interface SlackSettings {
  /** The bot token. Who has it can write as the app. */
  readonly token: KeptAt | undefined
  /** Who has it can press every button as anybody. */
  readonly signingSecret: KeptAt | undefined
  /** Slack, if it is not https://slack.com/api/. Who controls it gets the token. */
  readonly apiUrl: URL | undefined
}

export type StoreSettings =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'firestore'
      readonly projectId: string
      readonly entries: string
      readonly operations: string
      /** `host:port` of Google's emulator. Who controls it holds the record. */
      readonly emulator?: string | undefined
    }

/** What each variable means, for errors and for the documentation. */
export const variables = {
  SLUICE_POLICY: 'path of the policy file',
  SLUICE_URL: 'the https URL of the gateway, as clients call it',
  SLUICE_STORE:
    '`sqlite:FILE` or `firestore:PROJECT/ENTRIES_DATABASE/OPERATIONS_DATABASE` (default databases: sluice-entries, sluice-operations)',
  SLUICE_SIGNING_KEY:
    '`file:FILE` or `secret:projects/P/secrets/S/versions/V`: the key of tokens, which the gateway and the console need and nobody else gets',
  SLUICE_RECORD_KEYS:
    'the keys that sign and seal the record: `kms:projects/P/locations/L/keyRings/R`, `file:FILE` or `secret:projects/P/secrets/S/versions/V`',
  SLUICE_LOG:
    'the origin of the log, which never changes (default: host and path of SLUICE_URL, then `/log`)',
  SLUICE_LOG_OBJECTS:
    'where the log is published and read: `folder:DIR` or `bucket:NAME` or `bucket:NAME/PREFIX`',
  SLUICE_LOG_LOCK_DAYS:
    'for how many days nobody can delete what is published, in a bucket with object retention (default 0: as the bucket says)',
  SLUICE_BIGQUERY_URL: 'BigQuery, if it is not https://bigquery.googleapis.com',
  SLUICE_PROXY_HOPS: 'proxies in front that append to X-Forwarded-For (default 0)',
  SLUICE_REQUEST_TIMEOUT_SECONDS: "the function's timeout (default 3600)",
  SLUICE_PUBSUB_PROJECT:
    'the project whose topics `approval-requests` and `approval-decisions` carry approvals (default: that of GOOGLE_CLOUD_PROJECT when PUBSUB_EMULATOR_HOST is set, else they stay in this process)',
  SLUICE_PUSH_ACCOUNT: 'the service account of push subscriptions and schedules, an e-mail address',
  SLUICE_PUSH_AUDIENCE: 'the audience those are configured with: the URL of this function',
  SLUICE_PUSH_ISSUER: 'who signs their tokens, if it is not https://accounts.google.com',
  SLUICE_SLACK_TOKEN:
    "the Slack app's bot token: `file:FILE` or `secret:projects/P/secrets/S/versions/V`",
  SLUICE_SLACK_SIGNING_SECRET: "the Slack app's signing secret, likewise",
  SLUICE_SLACK_API_URL: 'Slack, if it is not https://slack.com/api/',
  SLUICE_CLOUD_AUDIT_LOGS:
    'the table `PROJECT.DATASET.TABLE` to which Cloud Logging exports the data access logs of BigQuery (default: `sluice reconcile` does without)',
  SLUICE_CONSOLE_URL:
    'where people find the console: a host, whose path /console it is (default: SLUICE_URL, and no links to it from Slack)',
  SLUICE_LOG_LEVEL:
    '`info`, or `debug`: a line for every stage of a call as well, which shows no SQL, no value and no token either (default info)',
} as const

type Name = keyof typeof variables

/**
 * Reads the environment; throws one error that names everything that is missing or wrong. With `tokens: false` it is that of
 * a function which neither gives nor takes Sluice's own tokens: the key that signs them is not looked at, should it be there.
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  { tokens = true }: { readonly tokens?: boolean } = {},
): Settings {
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
  const named = storeOf(text('SLUICE_STORE'))
  // As all of Google's clients have it.
  const emulator = env['FIRESTORE_EMULATOR_HOST']
  const store = named?.kind === 'firestore' ? { ...named, emulator } : named
  if (store === undefined) wrong('SLUICE_STORE')
  const signingKey = tokens ? keptAt(text('SLUICE_SIGNING_KEY')) : undefined
  if (tokens && signingKey === undefined) wrong('SLUICE_SIGNING_KEY')
  const recordKeys = recordKeysAt(text('SLUICE_RECORD_KEYS'))
  if (recordKeys === undefined) wrong('SLUICE_RECORD_KEYS')
  const optional = (name: Name): string | undefined => (env[name] === '' ? undefined : env[name])
  const optionalUrl = (name: Name): URL | undefined => {
    const value = optional(name)
    if (value !== undefined && !URL.canParse(value)) wrong(name)
    return value !== undefined && URL.canParse(value) ? new URL(value) : undefined
  }
  const optionalSecret = (name: Name): KeptAt | undefined => {
    const value = optional(name)
    const at = value === undefined ? undefined : keptAt(value)
    if (value !== undefined && at === undefined) wrong(name)
    return at
  }
  const log = optional('SLUICE_LOG') ?? `${url.replace(/^https?:\/\//, '')}/log`
  if (!isKeyName(log)) wrong('SLUICE_LOG')
  const published = optional('SLUICE_LOG_OBJECTS')
  const logObjects = published === undefined ? undefined : logObjectsOf(published)
  if (published !== undefined && logObjects === undefined) wrong('SLUICE_LOG_OBJECTS')
  const consoleUrl = optionalUrl('SLUICE_CONSOLE_URL')
  // Links of its pages begin at the root of the host.
  if (consoleUrl !== undefined && consoleUrl.href !== `${consoleUrl.origin}/`)
    wrong('SLUICE_CONSOLE_URL')
  const exported = optional('SLUICE_CLOUD_AUDIT_LOGS')
  const cloudAuditLogs = exported === undefined ? undefined : tableOf(exported)
  if (exported !== undefined && cloudAuditLogs === undefined) wrong('SLUICE_CLOUD_AUDIT_LOGS')
  // Read again with every line of the log; here it is only held against what there is.
  if (!['info', 'debug'].includes(optional('SLUICE_LOG_LEVEL') ?? 'info')) wrong('SLUICE_LOG_LEVEL')
  const emulated =
    env['PUBSUB_EMULATOR_HOST'] === undefined ? undefined : env['GOOGLE_CLOUD_PROJECT']
  const serviceAccount = optional('SLUICE_PUSH_ACCOUNT')
  const audience = optional('SLUICE_PUSH_AUDIENCE')
  if ((serviceAccount === undefined) !== (audience === undefined))
    wrong(serviceAccount === undefined ? 'SLUICE_PUSH_ACCOUNT' : 'SLUICE_PUSH_AUDIENCE')

  const settings = {
    policyFile: text('SLUICE_POLICY'),
    url,
    bigQueryUrl: optionalUrl('SLUICE_BIGQUERY_URL'),
    signingKey,
    recordKeys: recordKeys ?? { kind: 'file', name: '' },
    log,
    logObjects,
    logLockDays: whole('SLUICE_LOG_LOCK_DAYS', 0),
    pubSubProject: optional('SLUICE_PUBSUB_PROJECT') ?? emulated,
    push:
      serviceAccount === undefined || audience === undefined
        ? undefined
        : {
            serviceAccount,
            audience,
            issuer: optional('SLUICE_PUSH_ISSUER') ?? 'https://accounts.google.com',
          },
    slack: {
      token: optionalSecret('SLUICE_SLACK_TOKEN'),
      signingSecret: optionalSecret('SLUICE_SLACK_SIGNING_SECRET'),
      apiUrl: optionalUrl('SLUICE_SLACK_API_URL'),
    },
    consoleUrl: consoleUrl?.origin,
    cloudAuditLogs,
    proxyHops: whole('SLUICE_PROXY_HOPS', 0),
    requestTimeoutSeconds: whole('SLUICE_REQUEST_TIMEOUT_SECONDS', 3600),
  } as const
  if (problems.length > 0 || store === undefined)
    throw new Error(`the environment is incomplete:\n  ${[...new Set(problems)].join('\n  ')}`)
  return { ...settings, store }
}

function keptAt(text: string): KeptAt | undefined {
  const [, kind, name] = /^(file|secret):(.+)$/.exec(text) ?? []
  return name === undefined ? undefined : { kind: kind === 'secret' ? 'secret' : 'file', name }
}

/** What `SLUICE_RECORD_KEYS` says; undefined when it says nothing of the kind. */
export function recordKeysAt(text: string): Settings['recordKeys'] | undefined {
  const [, ring] = /^kms:(projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+)$/.exec(text) ?? []
  return ring === undefined ? keptAt(text) : { kind: 'kms', name: ring }
}

function tableOf(text: string): TableReference | undefined {
  // A project id may have dots.
  const [, project = '', dataset = '', table = ''] = /^(.+)\.([^.]+)\.([^.]+)$/.exec(text) ?? []
  return tableReference(project, dataset, table)
}

function logObjectsOf(text: string): Settings['logObjects'] {
  const [, kind, name] = /^(folder|bucket):(.+)$/.exec(text) ?? []
  return name === undefined ? undefined : { kind: kind === 'bucket' ? 'bucket' : 'folder', name }
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
