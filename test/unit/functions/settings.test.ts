import { describe, expect, test } from 'vitest'

import { readSettings, variables } from '../../../functions/settings.ts'

const GOOD = {
  SLUICE_POLICY: '/etc/sluice/policy.yaml',
  SLUICE_URL: 'https://sluice.acme.example',
  SLUICE_STORE: 'sqlite:/var/lib/sluice.sqlite',
  SLUICE_SIGNING_KEY: 'file:/var/lib/key.json',
  SLUICE_RECORD_KEYS: 'file:/var/lib/record-keys.json',
}

test('what is not said has a default', () => {
  expect(readSettings(GOOD)).toEqual({
    policyFile: '/etc/sluice/policy.yaml',
    url: 'https://sluice.acme.example',
    store: { kind: 'sqlite', path: '/var/lib/sluice.sqlite' },
    bigQueryUrl: undefined,
    signingKey: { kind: 'file', name: '/var/lib/key.json' },
    recordKeys: { kind: 'file', name: '/var/lib/record-keys.json' },
    log: 'sluice.acme.example/log',
    logObjects: undefined,
    logLockDays: 0,
    proxyHops: 0,
    requestTimeoutSeconds: 3600,
    pubSubProject: undefined,
    push: undefined,
    slack: { token: undefined, signingSecret: undefined, apiUrl: undefined },
    consoleUrl: undefined,
    cloudAuditLogs: undefined,
  })
})

test.each([
  [{ SLUICE_URL: 'https://sluice.acme.example/' }, { url: 'https://sluice.acme.example' }],
  [
    { SLUICE_URL: 'https://europe-west1-acme.cloudfunctions.net/gateway' },
    { url: 'https://europe-west1-acme.cloudfunctions.net/gateway' },
  ],
  [
    { SLUICE_CLOUD_AUDIT_LOGS: 'acme.com:logs.audit.cloudaudit_googleapis_com_data_access' },
    {
      cloudAuditLogs: {
        projectId: 'acme.com:logs',
        datasetId: 'audit',
        tableId: 'cloudaudit_googleapis_com_data_access',
      },
    },
  ],
  [
    { SLUICE_RECORD_KEYS: 'kms:projects/acme/locations/europe-west3/keyRings/sluice' },
    { recordKeys: { kind: 'kms', name: 'projects/acme/locations/europe-west3/keyRings/sluice' } },
  ],
  [{ SLUICE_URL: 'http://127.0.0.1:8080' }, { url: 'http://127.0.0.1:8080' }],
  [{ SLUICE_URL: 'http://localhost:8080' }, { url: 'http://localhost:8080' }],
  [
    { SLUICE_STORE: 'firestore:acme' },
    {
      store: {
        kind: 'firestore',
        projectId: 'acme',
        entries: 'sluice-entries',
        operations: 'sluice-operations',
      },
    },
  ],
  [
    { SLUICE_STORE: 'firestore:acme/a/b' },
    { store: { kind: 'firestore', projectId: 'acme', entries: 'a', operations: 'b' } },
  ],
  [
    { SLUICE_SIGNING_KEY: 'secret:projects/p/secrets/s/versions/1' },
    { signingKey: { kind: 'secret', name: 'projects/p/secrets/s/versions/1' } },
  ],
  [
    { SLUICE_BIGQUERY_URL: 'http://127.0.0.1:9050' },
    { bigQueryUrl: new URL('http://127.0.0.1:9050') },
  ],
  [
    { SLUICE_STORE: 'firestore:acme', FIRESTORE_EMULATOR_HOST: '127.0.0.1:8085' },
    { store: { kind: 'firestore', projectId: 'acme', emulator: '127.0.0.1:8085' } },
  ],
  [{ SLUICE_PUBSUB_PROJECT: 'acme' }, { pubSubProject: 'acme' }],
  [
    { PUBSUB_EMULATOR_HOST: '127.0.0.1:8086', GOOGLE_CLOUD_PROJECT: 'here' },
    { pubSubProject: 'here' },
  ],
  [{ GOOGLE_CLOUD_PROJECT: 'here' }, { pubSubProject: undefined }],
  [
    {
      SLUICE_PUSH_ACCOUNT: 'push@acme.iam.gserviceaccount.com',
      SLUICE_PUSH_AUDIENCE: 'https://resolver.acme.example',
    },
    {
      push: {
        serviceAccount: 'push@acme.iam.gserviceaccount.com',
        audience: 'https://resolver.acme.example',
        issuer: 'https://accounts.google.com',
      },
    },
  ],
  [
    {
      SLUICE_SLACK_TOKEN: 'secret:projects/p/secrets/s/versions/1',
      SLUICE_SLACK_SIGNING_SECRET: '',
    },
    {
      slack: {
        token: { kind: 'secret', name: 'projects/p/secrets/s/versions/1' },
        signingSecret: undefined,
      },
    },
  ],
  [
    { SLUICE_CONSOLE_URL: 'https://console.acme.example' },
    { consoleUrl: 'https://console.acme.example' },
  ],
  [{ SLUICE_PROXY_HOPS: '1', SLUICE_LOG_LEVEL: 'debug' }, { proxyHops: 1 }],
  [{ SLUICE_REQUEST_TIMEOUT_SECONDS: '540' }, { requestTimeoutSeconds: 540 }],
])('%j', (given, read) => {
  expect(readSettings({ ...GOOD, ...given })).toMatchObject(read)
})

test('a function that takes no tokens does not even read where their key is', () => {
  const { SLUICE_SIGNING_KEY: _, ...without } = GOOD
  for (const env of [without, GOOD, { ...GOOD, SLUICE_SIGNING_KEY: 'nonsense' }])
    expect(readSettings(env, { tokens: false }).signingKey).toBeUndefined()
})

describe('refused, by name and with what is expected', () => {
  test.each([
    ['SLUICE_POLICY', ''],
    ['SLUICE_URL', ''],
    ['SLUICE_URL', 'sluice.acme.example'],
    ['SLUICE_URL', 'http://sluice.acme.example'],
    ['SLUICE_URL', 'http://127.0.0.1.evil.example'],
    ['SLUICE_URL', 'ftp://sluice.acme.example'],
    ['SLUICE_URL', 'https://sluice.acme.example#x'],
    ['SLUICE_URL', 'https://'],
    ['SLUICE_URL', 'https://sluice.acme.example?x=1'],
    ['SLUICE_URL', 'https://user@sluice.acme.example'],
    ['SLUICE_STORE', ''],
    ['SLUICE_STORE', 'memory'],
    ['SLUICE_STORE', 'sqlite:'],
    ['SLUICE_STORE', 'firestore:'],
    ['SLUICE_STORE', 'firestore:acme/a'],
    ['SLUICE_STORE', 'firestore:acme/a/b/c'],
    ['SLUICE_SIGNING_KEY', ''],
    ['SLUICE_SIGNING_KEY', '/var/lib/key.json'],
    ['SLUICE_SIGNING_KEY', 'file:'],
    ['SLUICE_BIGQUERY_URL', 'bigquery'],
    ['SLUICE_SLACK_TOKEN', 'xoxb-1'],
    ['SLUICE_SLACK_SIGNING_SECRET', '8f742231b10e8888'],
    ['SLUICE_SLACK_API_URL', 'slack'],
    ['SLUICE_CONSOLE_URL', 'console'],
    ['SLUICE_CONSOLE_URL', 'https://acme.example/console'],
    ['SLUICE_PROXY_HOPS', '-1'],
    ['SLUICE_PROXY_HOPS', 'one'],
    ['SLUICE_REQUEST_TIMEOUT_SECONDS', '60s'],
    ['SLUICE_LOG_LEVEL', 'verbose'],
  ] as const)('%s=%s', (name, value) => {
    expect(() => readSettings({ ...GOOD, [name]: value })).toThrow(`${name}: ${variables[name]}`)
  })

  test('an account without an audience, and the other way round', () => {
    const { SLUICE_PUSH_AUDIENCE: audience, SLUICE_PUSH_ACCOUNT: account } = variables
    expect(() => readSettings({ ...GOOD, SLUICE_PUSH_ACCOUNT: 'a@b' })).toThrow(audience)
    expect(() => readSettings({ ...GOOD, SLUICE_PUSH_AUDIENCE: 'https://x' })).toThrow(account)
  })

  test('all that is wrong, at once and once each', () => {
    let message = ''
    try {
      readSettings({ SLUICE_PROXY_HOPS: 'x' })
    } catch (cause) {
      message = cause instanceof Error ? cause.message : ''
    }
    const [, ...lines] = message.split('\n')
    expect(lines.map((line) => line.trim().replace(/:.*/, '')).toSorted()).toEqual([
      'SLUICE_POLICY',
      'SLUICE_PROXY_HOPS',
      'SLUICE_RECORD_KEYS',
      'SLUICE_SIGNING_KEY',
      'SLUICE_STORE',
      'SLUICE_URL',
    ])
  })
})
