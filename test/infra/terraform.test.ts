import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { firestoreIndexes } from '../../infra/firestore-indexes.ts'

const root = join(import.meta.dirname, '../..')
const module = join(root, 'infra/terraform')
/** Runs the real terraform against a provider that knows Google's schema and nothing else: nothing is downloaded. */
const offline = join(root, '../shared/tools/terraform-offline/check.sh')

const hasTerraform = spawnSync('terraform', ['version']).status === 0
const canRun = hasTerraform && existsSync(offline)
if (!canRun)
  process.stderr.write('terraform, or the offline provider, is not there: its checks are skipped\n')

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'sluice-terraform-'))
  mkdirSync(join(work, 'artifacts'))
  for (const name of functions) writeFileSync(join(work, `artifacts/${name}.zip`), name)
})
afterAll(() => rmSync(work, { recursive: true }))

const functions = [
  'approval-notifier',
  'approval-resolver',
  'console',
  'gateway',
  'log-publisher',
  'reconciler',
  'retainer',
  'slack',
  'sweeper',
]

test('terraform deploys every function there is, and no other', () => {
  const declared = [
    ...readFileSync(join(module, 'functions.tf'), 'utf8').matchAll(/^ {4}([\w-]+) = \{$/gm),
  ]
  const names = declared.map(([, name = '']) => name)
  expect(new Set(names)).toEqual(new Set(functions))
})

test('its README has every variable and output, in the words of the module', () => {
  const table = readFileSync(join(module, 'README.md'), 'utf8').replaceAll(/ +\|/g, ' |')
  for (const [file, kind] of [
    ['variables.tf', 'variable'],
    ['outputs.tf', 'output'],
  ] as const) {
    const text = readFileSync(join(module, file), 'utf8')
    const found = [
      ...text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{\n  description = "(.*)"$`, 'gm')),
    ]
    expect(found.length).toBeGreaterThan(5)
    for (const [, name = '', words = ''] of found) {
      expect(table).toContain(`| \`${name}\` |`)
      expect(table).toContain(`| ${words} |`)
    }
  }
})

test('the indexes of terraform are those that the code asks for', () => {
  const written: unknown = JSON.parse(readFileSync(join(module, 'firestore-indexes.json'), 'utf8'))
  expect(written).toEqual(structuredClone(firestoreIndexes()))
})

const run = (folder: string, ...args: string[]) => {
  const env = { ...process.env, PROJECT: root, TF_DATA_DIR: join(folder, '.terraform') }
  const init = spawnSync('bash', [offline, folder, 'init', '-backend=false'], {
    env,
    encoding: 'utf8',
  })
  expect(init.status, init.stderr + init.stdout).toBe(0)
  const { status, stdout, stderr } = spawnSync('bash', [offline, folder, ...args, '-no-color'], {
    env,
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

/** The module as it is, or with something in it changed. */
const copy = (name: string, file?: string, change?: readonly [string | RegExp, string]) => {
  const folder = join(work, name, 'terraform')
  cpSync(module, folder, { recursive: true })
  cpSync(join(root, 'infra/policy'), join(work, name, 'policy'), { recursive: true })
  if (file !== undefined && change !== undefined) {
    const text = readFileSync(join(folder, file), 'utf8')
    const changed = text.replace(...change)
    expect(changed, `${name} changes nothing`).not.toBe(text)
    writeFileSync(join(folder, file), changed)
  }
  return folder
}
const testing = (folder: string) =>
  run(folder, 'test', '-var', `artifacts=${join(work, 'artifacts')}`)

describe.runIf(canRun)('terraform, offline', () => {
  test('it is formatted as terraform formats it', () => {
    const { status, stdout } = spawnSync('terraform', ['fmt', '-check', '-recursive', module], {
      encoding: 'utf8',
    })
    expect(status, stdout).toBe(0)
  })

  test.each(['minimal', 'hardened'])('the example %s is valid', { timeout: 60_000 }, (name) => {
    const valid = run(join(copy(`example-${name}`), 'examples', name), 'validate')
    expect(valid.status, valid.said).toBe(0)
  })

  test('it is valid, and keeps what it promises', { timeout: 60_000 }, () => {
    const folder = copy('as-it-is')
    const valid = run(folder, 'validate')
    expect(valid.status, valid.said).toBe(0)
    const kept = testing(folder)
    expect(kept.status, kept.said).toBe(0)
  })

  test.each<readonly [string, string, readonly [string | RegExp, string], string]>([
    [
      'a primitive role',
      'iam.tf',
      ['"roles/cloudtrace.agent"', '"roles/editor"'],
      'a primitive role',
    ],
    [
      'everything public',
      'functions.tf',
      ['if contains(var.public_functions, name)', ''],
      'no variable names',
    ],
    [
      'open ingress',
      'functions.tf',
      ['var.ingress : "ALLOW_INTERNAL_ONLY"', 'var.ingress : "ALLOW_ALL"'],
      'from outside',
    ],
    [
      'a gateway that deletes',
      'iam.tf',
      [
        'concat(local.read_entries, ["datastore.entities.create"])',
        'concat(local.read_entries, ["datastore.entities.create", "datastore.entities.delete"])',
      ],
      'change or delete',
    ],
    [
      'leave for every database',
      'iam.tf',
      [/expression {2}= "resource.name == .*entries.name.*"/, 'expression = "true"'],
      'other databases',
    ],
    [
      'a dead letter less',
      'pubsub.tf',
      [
        'for_each = google_pubsub_topic.approvals\n',
        'for_each = { approval-requests = google_pubsub_topic.approvals["approval-requests"] }\n',
      ],
      '',
    ],
    [
      'an index less',
      'firestore.tf',
      [
        'for index in local.firestore.indexes :',
        'for index in slice(local.firestore.indexes, 1, length(local.firestore.indexes)) :',
      ],
      'an index of the list',
    ],
    [
      'a signer more',
      'keys.tf',
      [
        'for_each = toset(["log-ed25519", "log-p256"])',
        'for_each = toset(["log-ed25519", "log-p256", "writer-authority"])',
      ],
      'signs checkpoints',
    ],
    [
      'an unlocked log',
      'functions.tf',
      ['SLUICE_LOG_LOCK_DAYS = tostring(var.log_lock_days)', 'SLUICE_LOG_LOCK_DAYS = "0"'],
      'not locked',
    ],
    [
      'a push without a token',
      'functions.tf',
      [/\n {4}oidc_token \{[^}]*\}\n/, '\n'],
      'without a token',
    ],
    ['a runtime of the past', 'functions.tf', ['"nodejs24"', '"nodejs20"'], 'not the runtime'],
    [
      'a key outside the HSM',
      'keys.tf',
      ['protection = "HSM"', 'protection = "SOFTWARE"'],
      'what the design says',
    ],
    [
      'a property that does not exist',
      'functions.tf',
      ['available_memory ', 'availble_memory '],
      '',
    ],
  ])('its checks find %s', { timeout: 60_000 }, (name, file, change, words) => {
    const { status, said } = testing(copy(name.replaceAll(' ', '-'), file, change))
    expect(status).not.toBe(0)
    expect(said).toContain(words)
  })
})
