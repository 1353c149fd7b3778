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

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'sluice-gcloud-'))
  mkdirSync(join(work, 'dist/gateway'), { recursive: true })
  mkdirSync(join(work, 'bin'))
  // Says of everything that is in `there` that it is; writes down what it is asked for.
  const stub = `#!/bin/bash
printf '%s\\n' "$(printf '%q ' "$@")" >> "${work}/asked"
case " $* " in *' projects describe '*) echo 4711; exit ;; *' describe '*) [ -e "${work}/there" ]; exit ;; esac
exit 0
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
  const rehearsed = commandsOf(deploy([...full(), '--dry-run']).stdout)
  const { status, stderr } = deploy(full())
  expect(status, stderr).toBe(0)
  const run = asked().filter((line) => !/ describe /.test(line))
  const printed = run.map((line) => `gcloud ${line}`.trim().replaceAll('4711', 'PROJECT_NUMBER'))
  expect(printed).toEqual(rehearsed)
})

test('run again, it creates nothing that is there', () => {
  writeFileSync(join(work, 'there'), '')
  expect(deploy(full()).status).toBe(0)
  rmSync(join(work, 'there'))
  const created = asked().filter((line) => / create /.test(line))
  // Firestore's own word on whether an index is there is its refusal.
  expect(created.filter((line) => !line.startsWith('firestore indexes composite create'))).toEqual(
    [],
  )
})

test('a path with a blank stays one argument', () => {
  deploy(minimal())
  expect(asked().find((line) => line.startsWith('secrets versions add'))).toContain(
    String.raw`policy\ file.yaml`,
  )
})

test('nothing is public that was not named, and slack is there only when it was asked for', () => {
  const commands = commandsOf(deploy([...minimal(), '--dry-run']).stdout)
  const deployed = commands.filter((line) => line.startsWith('gcloud functions deploy'))
  expect(deployed).toHaveLength(8)
  for (const line of deployed) {
    expect(line).toContain('--no-allow-unauthenticated')
    expect(line).toContain('--ingress-settings=internal-only')
  }
  expect(commands.filter((line) => /-slack|slack-/.test(line))).toEqual([])
})

test('no command makes a key of a service account, or grants a primitive role', () => {
  const commands = commandsOf(deploy([...full(), '--dry-run']).stdout)
  for (const line of commands)
    expect(line).not.toMatch(/keys create .*iam|roles\/(owner|editor|viewer)\b/)
  const writer = commands.find(
    (line) => line.includes('iam roles create') && line.includes('entry_writer'),
  )
  expect(writer).toContain('datastore.entities.create')
  expect(writer).not.toMatch(/entities\.(update|delete)/)
})

test.each([
  [['--nosuch'], 'unknown option --nosuch'],
  [['--project'], '--project needs a value'],
  [['--public', 'sweeper'], 'not sweeper'],
  [['--project', 'A'], 'the id of a project'],
  [['--policy', '/nowhere'], 'names no file'],
  [['--artifacts', '/nowhere'], 'npm run build'],
  [['--log-origin', 'https://x'], '--log-origin is'],
])('%j is wrong usage, and nothing runs', (args, said) => {
  const { status, stderr } = deploy([...minimal(), ...args])
  expect(status).toBe(2)
  expect(stderr).toContain(said)
  expect(() => asked()).toThrow('ENOENT')
})

const Linted = z.array(
  z.object({
    command_string: z.string(),
    success: z.boolean(),
    error_message: z.string().nullish(),
  }),
)

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
/** One of each kind: those of one command with the same flags. */
const kinds = (commands: readonly string[]) => [
  ...new Map(
    commands.map((command) => [
      command.replaceAll(/(=\S+)|\S*[@/:]\S*|gate-\S+|sluice-\S+/g, ''),
      command,
    ]),
  ).values(),
]

describe.runIf(gcloud)('gcloud', { timeout: 180_000 }, () => {
  test.each([
    ['minimal', minimal],
    ['full', full],
  ])('takes every command of the %s shape', (_name, options) => {
    const commands = kinds(commandsOf(deploy([...options(), '--dry-run']).stdout))
    expect(commands.length).toBeGreaterThan(40)
    expect(lint(commands)).toEqual([])
  })

  test('would have found a flag that does not exist', () => {
    expect(lint(['gcloud pubsub topics create x --nosuch=1'])).toHaveLength(1)
  })
})

test.runIf(shellcheck)('shellcheck has nothing to say', () => {
  const { status, stdout } = spawnSync('shellcheck', [script], { encoding: 'utf8' })
  expect(status, stdout).toBe(0)
})
