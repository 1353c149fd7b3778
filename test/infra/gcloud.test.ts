import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')
const script = join(root, 'infra/gcloud/deploy.sh')

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0
const gcloud = has('gcloud', 'version')
const shellcheck = has('shellcheck', '--version')
if (!gcloud) process.stderr.write('gcloud is not there: its commands are not looked at\n')
if (!shellcheck) process.stderr.write('shellcheck is not there: deploy.sh is not looked at\n')

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'sluice-gcloud-'))
  mkdirSync(join(work, 'dist/gateway'), { recursive: true })
  mkdirSync(join(work, 'bin'))
  // Says of everything that it is there once `there` is; writes down what it is asked for.
  const stub = `#!/bin/bash
printf '%s\\n' "$(printf '%q ' "$@")" >> "${work}/asked"
there() { [ -e "${work}/there" ]; }
case " $* " in
  *' projects describe '*) echo 4711 ;;
  *' describe '*) there ;;
  *' backups schedules list '*) ! there || echo projects/p/databases/d/backupSchedules/daily ;;
  *' versions access '*) ! there || cat "${work}/policy file.yaml" ;;
  *' indexes composite create '*)
    ! there || { cat "${work}/there"; exit 1; } ;;
esac
`
  writeFileSync(join(work, 'bin/gcloud'), stub)
  chmodSync(join(work, 'bin/gcloud'), 0o755)
  writeFileSync(join(work, 'policy file.yaml'), 'version: 1\n')
})
afterAll(() => rmSync(work, { recursive: true }))

const words = (text: string) => text.split(' ')

const minimal = () => [
  ...words('--project acme-sluice --region europe-west3 --log-origin sluice.acme.example/log'),
  '--artifacts',
  join(work, 'dist'),
  '--policy',
  join(work, 'policy file.yaml'),
]
const full = () => [
  ...minimal(),
  ...words('--slack --public gateway --public console --public slack --name gate'),
  ...words('--connection hospital@acme.iam.gserviceaccount.com'),
  ...words('--connection finance@acme.iam.gserviceaccount.com'),
]

const rehearsals = new Map<string, readonly string[]>()
/** The commands of a shape, from one rehearsal. */
function rehearsed(options: () => readonly string[]): readonly string[] {
  const key = options().join(' ')
  const known = rehearsals.get(key) ?? commandsOf(deploy([...options(), '--dry-run']).stdout)
  rehearsals.set(key, known)
  return known
}

function deploy(args: readonly string[]) {
  const PATH = `${join(work, 'bin')}:${process.env['PATH'] ?? ''}`
  const { status, stdout, stderr } = spawnSync('bash', [script, ...args], {
    env: { ...process.env, PATH },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** What the stub was asked for since the last time. */
function asked(): readonly string[] {
  const lines = readFileSync(join(work, 'asked'), 'utf8').trim().split('\n')
  rmSync(join(work, 'asked'))
  return lines
}

const commandsOf = (printed: string) =>
  printed.split('\n').flatMap((line) => (line.startsWith('+ ') ? [line.slice(2).trim()] : []))

test('a rehearsal prints every command and runs none', () => {
  const { status, stdout } = deploy([...full(), '--dry-run'])
  expect(status).toBe(0)
  expect(commandsOf(stdout).length).toBeGreaterThan(150)
  expect(() => asked()).toThrow('ENOENT')
})

test('what is printed is what is run', () => {
  const expected = rehearsed(full)
  const { status, stderr } = deploy(full())
  expect(status, stderr).toBe(0)
  const run = asked().filter((line) => !/ describe | versions access | schedules list /.test(line))
  const printed = run.map((line) => `gcloud ${line}`.trim().replaceAll('4711', 'PROJECT_NUMBER'))
  expect(printed).toEqual(expected)
})

/** What is asked for where everything is there. */
function askedAgain(): readonly string[] {
  writeFileSync(join(work, 'there'), 'ERROR: (gcloud) ALREADY_EXISTS: index already exists\n')
  const { status, stderr } = deploy(full())
  rmSync(join(work, 'there'))
  expect([status, stderr]).toEqual([0, ''])
  return asked()
}

test('run again, it creates nothing that is there', () => {
  const created = askedAgain().filter((line) => / (create|versions add) /.test(line))
  // Firestore's own word on whether an index is there is its refusal.
  expect(created.filter((line) => !line.startsWith('firestore indexes composite create'))).toEqual(
    [],
  )
})

test('an index that is refused for another reason ends it, with the reason', () => {
  writeFileSync(join(work, 'there'), 'ERROR: (gcloud) PERMISSION_DENIED: not you\n')
  const { status, stderr } = deploy(full())
  rmSync(join(work, 'there'))
  expect([status, stderr]).toEqual([1, 'ERROR: (gcloud) PERMISSION_DENIED: not you\n'])
  expect(asked().at(-1)).toContain('firestore indexes composite create')
})

test('a path with a blank stays one argument', () => {
  deploy(minimal())
  expect(asked().find((line) => line.startsWith('secrets versions add'))).toContain(
    String.raw`policy\ file.yaml`,
  )
})

test('nothing is public that was not named, and slack is there only when it was asked for', () => {
  const commands = rehearsed(minimal)
  const deployed = commands.filter((line) => line.startsWith('gcloud functions deploy'))
  expect(deployed).toHaveLength(8)
  for (const line of deployed) {
    expect(line).toContain('--no-allow-unauthenticated')
    expect(line).toContain('--ingress-settings=internal-only')
  }
  expect(commands.filter((line) => /-slack|slack-/.test(line))).toEqual([])
})

test('no command makes a key of a service account, or grants a primitive role', () => {
  const commands = rehearsed(full)
  for (const line of commands)
    expect(line).not.toMatch(/keys create .*iam|roles\/(owner|editor|viewer)\b/)
})

/** What a command of the full shape has of a role, a member or a variable. */
const linesWith = (...parts: readonly string[]) =>
  rehearsed(full).filter((line) => parts.every((part) => line.includes(part)))
/** The functions whose accounts those commands name. */
const accountsIn = (lines: readonly string[]) =>
  lines
    .map((line) => /serviceAccount:gate-([a-z-]+)@/.exec(line)?.[1] ?? '')
    .toSorted((a, b) => (a < b ? -1 : 1))

test('the gateway creates entries, and can neither list, update nor delete them', () => {
  const [role = ''] = linesWith('iam roles create', 'gate_entry_creator')
  const permissions = /--permissions=(\S+)/.exec(role)?.[1]?.replaceAll('\\', '').split(',')
  expect(permissions).toEqual([
    'datastore.databases.get',
    'datastore.databases.getMetadata',
    'datastore.entities.get',
    'datastore.entities.create',
  ])
  expect(linesWith('gate-gateway@', 'databases/gate-entries')).toEqual([
    expect.stringContaining('roles/gate_entry_creator'),
  ])
  expect(linesWith('gate-slack@', 'databases/gate-entries')).toEqual([])
})

test.each([
  ['deletes entries', ['roles/gate_entry_retainer'], ['retainer']],
  ['signs tokens', ['add-iam-policy-binding gate-signing-key'], ['console', 'gateway']],
  ['opens private facts', ['add-iam-policy-binding session-secrets'], ['console', 'gateway']],
  ['signs checkpoints', ['add-iam-policy-binding log-p256', 'signerVerifier'], ['log-publisher']],
  ['replaces or deletes objects', ['roles/gate_log_remover'], ['log-publisher', 'retainer']],
  ['reads the log’s bucket', ['storage.objectViewer', 'gs://'], ['console', 'retainer']],
  ['reads Slack’s signing secret', ['add-iam-policy-binding gate-slack-signing'], ['slack']],
])('nobody else %s', (_what, parts, who) => {
  expect(accountsIn(linesWith(...parts))).toEqual(who)
})

/** The functions that are deployed with such a variable. */
const told = (variable: string) =>
  linesWith('functions deploy', `${variable}=`).map(
    (line) => /deploy gate-([a-z-]+)/.exec(line)?.[1],
  )

test('a function is told of a secret only if it may read it', () => {
  expect(told('SLUICE_SIGNING_KEY')).toEqual(['gateway', 'console'])
  expect(told('SLUICE_SLACK_SIGNING_SECRET')).toEqual(['slack'])
})

const Linted = z.array(
  z.object({
    command_string: z.string(),
    success: z.boolean(),
    error_message: z.string().nullish(),
  }),
)

/** What gcloud itself has against commands. */
const lint = (commands: readonly string[]) => {
  const file = join(work, 'commands.json')
  writeFileSync(file, JSON.stringify(commands.map((command) => ({ command_string: command }))))
  const { stdout } = spawnSync(
    'gcloud',
    ['meta', 'lint-gcloud-commands', `--commands-file=${file}`],
    {
      encoding: 'utf8',
      maxBuffer: 512 * 1024 * 1024,
    },
  )
  return Linted.parse(JSON.parse(stdout))
    .filter(({ success }) => !success)
    .map(({ command_string: command, error_message: problem }) => `${command}: ${problem}`)
}
/** One of each kind: those of one command with the same flags, and the same words where gcloud knows all there are. */
const kinds = (commands: readonly string[]) => [
  ...new Map(
    commands.map((command) => [
      [
        /^gcloud .*? (add-iam-policy-binding|http|(create|update|deploy|enable|add|describe|list|access)(?= ))/.exec(
          command,
        )?.[0],
        ...[...command.matchAll(CHOSEN)].map(([flag]) => flag),
      ].join(' '),
      command,
    ]),
  ).values(),
]
const CHOSEN =
  /--[a-z-]+(=(?!\S*@)(hsm|software|mac|encryption|asymmetric-signing|ec-\S+|hmac-\S+|all|internal-only|daily|collection|firestore-native)(?!\S))?/g

describe.runIf(gcloud)('gcloud', { timeout: 180_000 }, () => {
  // At once: gcloud takes longer to start than to read them.
  test('takes every command of the minimal and the full shape, and no flag that does not exist', () => {
    const commands = [rehearsed(minimal), rehearsed(full)]
    for (const each of commands) expect(kinds(each).length).toBeGreaterThan(25)
    // It also looks at what is there, and updates it.
    const again = askedAgain().map((line) => `gcloud ${line.trim()}`)
    const wrong = 'gcloud pubsub topics create x --nosuch=1'
    const problems = lint([...kinds([...commands.flat(), ...again]), wrong])
    expect(problems).toEqual([expect.stringContaining(wrong)])
  })
})

test.runIf(shellcheck)('shellcheck has nothing to say', () => {
  const { status, stdout } = spawnSync('shellcheck', [script], { encoding: 'utf8' })
  expect(status, stdout).toBe(0)
})
