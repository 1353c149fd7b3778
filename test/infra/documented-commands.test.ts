import { spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { runSluice } from '../support/run-sluice.ts'
import { type ShellCommand, shellCommands } from '../support/shell-words.ts'

const root = join(import.meta.dirname, '../..')
const work = mkdtempSync(join(tmpdir(), 'sluice-documented-'))
afterAll(() => rmSync(work, { recursive: true }))

const hasGcloud = spawnSync('gcloud', ['version']).status === 0
if (!hasGcloud)
  process.stderr.write('gcloud is not there: its commands in docs/ are not looked at\n')

/** A command of the documents, and where it is. */
interface Documented extends ShellCommand {
  readonly file: string
}

const documents = globSync('docs/*.md', { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}))

/** What the blocks of shell run, and what is quoted in a sentence and begins like a command. */
const commands: readonly Documented[] = documents.flatMap(({ file, text }) => {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
  const inline = [...prose.matchAll(/`((?:npx sluice|gcloud|npm run) [^`…]+)`/g)].map(
    ([, each = '']) => each,
  )
  return [...lines, ...inline].flatMap((line) =>
    shellCommands(line).map((command) => ({ file, ...command })),
  )
})
const of = (...start: readonly string[]) =>
  commands.filter(({ words }) => start.every((word, n) => words[n] === word))

test('the documents have commands, of programs that are named here', () => {
  expect(commands.length).toBeGreaterThan(80)
  const programs = new Set(commands.map(({ words: [program] }) => program))
  const known = [
    'npx',
    'npm',
    'gcloud',
    'terraform',
    'infra/gcloud/deploy.sh',
    'docker',
    'curl',
    'bq',
    'export',
  ]
  expect([...programs].filter((program) => !known.includes(program ?? ''))).toEqual([])
  // A block without a language would not be looked at.
  for (const { file, text } of documents)
    expect(text.match(/^```\n(?=\S)(?:npx|gcloud|npm)/gm) ?? [], file).toEqual([])
})

describe('sluice', () => {
  const documented = of('npx', 'sluice')
  /** Commands as deep as they go, by what their help says. */
  const helps = new Map<string, string>()
  const helpOf = async (path: readonly string[]): Promise<string> => {
    const key = path.join(' ')
    const known = helps.get(key)
    if (known !== undefined) return known
    const { code, out } = await runSluice(...path, '--help')
    const isOwn = out.startsWith(`Usage: sluice ${key} [options]`.replace('  ', ' '))
    const help = code === 0 && isOwn ? out : ''
    helps.set(key, help)
    return help
  }

  test.each(documented)('$text ($file)', async ({ words }) => {
    const args = words.slice(2)
    const [first = '', second = ''] = args
    const group = await helpOf([first])
    expect(group, `there is no \`sluice ${first}\``).not.toBe('')
    const isGroup = group.startsWith(`Usage: sluice ${first} [options] [command]`)
    const help = isGroup ? await helpOf([first, second]) : group
    expect(help, `there is no \`sluice ${first} ${second}\``).not.toBe('')
    for (const option of args.filter((word) => word.startsWith('--')))
      expect(help, option).toMatch(new RegExp(`^ +(-\\w, )?${option}( |$)`, 'm'))
    const required = isGroup ? 1 : 0
    const operands = [...help.matchAll(/^Usage: .*$/gm)].join('').match(/<\w+>/g)?.length ?? 0
    if (operands > 0)
      expect(
        args.slice(required).filter((word) => !word.startsWith('-')).length,
      ).toBeGreaterThanOrEqual(operands)
  })
})

test.each(of('npm', 'run'))('$text ($file)', ({ words: [, , script = ''] }) => {
  const Manifest = z.object({ scripts: z.record(z.string(), z.string()) })
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  expect(scripts).toHaveProperty([script])
})

test.each(of('npm', 'run', 'cost'))('$text prints what it says ($file)', ({ words }) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['infra/cost/main.ts', ...words.slice(4)],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  expect(status, stderr).toBe(0)
})

test.each(of('terraform'))('$text: the folder and its variables are there ($file)', ({ words }) => {
  const [, folder = ''] = /^-chdir=(.*)$/.exec(words[1] ?? '') ?? []
  expect(existsSync(join(root, folder, 'main.tf'))).toBe(true)
  const text = readFileSync(join(root, folder, 'main.tf'), 'utf8')
  words.forEach((word, n) => {
    if (word !== '-var') return
    const [variable = ''] = (words[n + 1] ?? '').split('=')
    expect(text).toContain(`variable "${variable}"`)
  })
  if (words[2] === 'output') expect(text).toContain(`output "${words[3]}"`)
})

test.each(of('infra/gcloud/deploy.sh'))('$text ($file)', ({ words }) => {
  expect(words).toContain('--dry-run')
  // What was built may not be there: it asks for no more than a folder.
  mkdirSync(join(work, 'gateway'), { recursive: true })
  const args = [...words, '--artifacts', work]
  const { status, stderr } = spawnSync('bash', args, { cwd: root, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
})

const Linted = z.array(
  z.object({
    command_string: z.string(),
    success: z.boolean(),
    error_message: z.string().nullish(),
  }),
)

/** Those of one command with the same flags are of one kind. */
const kindOf = ({ words }: Documented) =>
  words
    .map((word) => word.split('=')[0] ?? '')
    .filter((word) => !/[@/:." ]|^(?:sluice|acme|approval|\d)/.test(word))
    .join(' ')

// Slow, as it loads every command that gcloud has: so once, for one of each kind.
test.runIf(hasGcloud)('gcloud takes each of its own', { timeout: 180_000 }, () => {
  const kinds = new Map(of('gcloud').map((command) => [kindOf(command), command.text]))
  const documented = [...kinds.values()]
  expect(documented.length).toBeGreaterThan(30)
  const file = join(work, 'commands.json')
  // It has to find this one.
  const wrong = 'gcloud pubsub topics create x --nosuch=1'
  writeFileSync(
    file,
    JSON.stringify([...documented, wrong].map((command) => ({ command_string: command }))),
  )
  const { stdout } = spawnSync(
    'gcloud',
    ['meta', 'lint-gcloud-commands', `--commands-file=${file}`],
    {
      encoding: 'utf8',
      maxBuffer: 512 * 1024 * 1024,
    },
  )
  const refused = Linted.parse(JSON.parse(stdout)).filter(({ success }) => !success)
  const said = refused.map((each) => `${each.command_string}: ${each.error_message}`)
  expect(said).toEqual([expect.stringContaining(wrong)])
})
