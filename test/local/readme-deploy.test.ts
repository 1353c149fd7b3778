import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { shellCommands } from '../support/shell-words.ts'

const root = join(import.meta.dirname, '../..')
const work = mkdtempSync(join(tmpdir(), 'sluice-readme-'))
afterAll(() => rmSync(work, { recursive: true }))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')
const [, section = ''] = /^## Deploy$([\s\S]*?)^## /m.exec(readme) ?? []
const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const [terraform = '', gcloud = '', cost = ''] = blocks
const run = (program: string, ...args: readonly string[]) =>
  spawnSync(program, args, { cwd: root, encoding: 'utf8' })

test('deploying takes ten lines at most, and a picture says what comes of it', () => {
  expect(blocks).toHaveLength(3)
  expect(`${terraform}${gcloud}`.trim().split('\n').length).toBeLessThanOrEqual(10)
  expect(section).toContain('](docs/deployment.svg)')
  expect(section).toContain('](docs/deploy.md#what-was-not-proved)')
  expect(read('docs/deploy.md')).toContain('\n## What was not proved\n')
})

test('what terraform is told is in its example, which test/infra/terraform.test.ts validates', () => {
  const commands = terraform
    .trim()
    .split('\n')
    .flatMap((line) => shellCommands(line))
  expect(commands.map(({ text }) => text).slice(0, 2)).toEqual(['npm ci', 'npm run build'])
  const example = 'infra/terraform/examples/minimal'
  const said = commands.slice(2).map(({ words }) => {
    expect(words.slice(0, 2)).toEqual(['terraform', `-chdir=${example}`])
    return words.slice(2).join(' ')
  })
  expect(said).toEqual(['init', 'apply -var project_id=acme-sluice', 'output next_steps'])
  const text = read(`${example}/main.tf`)
  expect(text).toContain('variable "project_id"')
  expect(text).toContain('output "next_steps"')
  // No other variable has to be given.
  const [, ...variables] = text.split(/^variable /m)
  const required = variables.filter(
    (variable) => !/^ {2}default/m.test(variable.split('\n}')[0] ?? ''),
  )
  expect(required.map((variable) => variable.split(' ')[0])).toEqual(['"project_id"'])
})

test('what gcloud is told prints every command and runs none', () => {
  mkdirSync(join(work, 'gateway'))
  const line = `${gcloud.trim()} --artifacts ${work}`
  const { status, stdout, stderr } = run('bash', '-euc', line)
  expect(status, stderr).toBe(0)
  expect(stdout.split('\n').filter((each) => each.startsWith('+ gcloud ')).length).toBeGreaterThan(
    80,
  )
})

test('what a month costs is printed', () => {
  const [command] = shellCommands(cost.trim())
  expect(command?.words.slice(0, 4)).toEqual(['npm', 'run', 'cost', '--'])
  const { status, stdout } = run(
    process.execPath,
    'infra/cost/main.ts',
    ...(command?.words.slice(4) ?? []),
  )
  expect(status).toBe(0)
  expect(stdout).toMatch(/^A month +[\d,.]+$/m)
})

test('what it points at is there', () => {
  const links = [...section.matchAll(/\]\((docs\/[^)#]+)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(4)
  for (const path of links) expect(existsSync(join(root, path)), path).toBe(true)
})
