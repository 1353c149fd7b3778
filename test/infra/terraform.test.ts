import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  type TerraformRun,
  hasOfflineTerraform,
  offlineTerraform,
} from '../support/offline-terraform.ts'
import { groupedMistakes, lonelyMistakes } from './terraform-mistakes.ts'

const root = join(import.meta.dirname, '../..')
const module = join(root, 'infra/terraform')
const parts = ['dashboard', 'edge', 'guard', 'perimeter'].map((name) => `modules/${name}`)
const examples = ['examples/minimal', 'examples/hardened']

if (!hasOfflineTerraform)
  process.stderr.write('terraform, or the offline provider, is not there: its checks are skipped\n')

let work: string
let terraform: ReturnType<typeof offlineTerraform>
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'sluice-terraform-'))
  terraform = offlineTerraform(work)
})
afterAll(() => rmSync(work, { recursive: true }))

type Change = readonly [file: string, from: string | RegExp, to: string]

/** The module as it is, or with something in it changed. */
const copy = (name: string, changes: readonly Change[] = []) => {
  const folder = join(work, name, 'terraform')
  cpSync(module, folder, { recursive: true })
  cpSync(join(root, 'infra/policy'), join(work, name, 'policy'), { recursive: true })
  for (const [file, from, to] of changes) {
    const text = readFileSync(join(folder, file), 'utf8')
    const changed = text.replace(from, to)
    expect(changed, `${String(from)} is not in ${file}`).not.toBe(text)
    writeFileSync(join(folder, file), changed)
  }
  return folder
}

/** As it is. */
const whole = () =>
  existsSync(join(work, 'whole')) ? join(work, 'whole/terraform') : copy('whole')

const expectPassed = ({ status, said }: TerraformRun): void => {
  expect(status, said).toBe(0)
  expect(said).toMatch(/Success! [1-9]\d* passed, 0 failed\./)
}

describe.runIf(hasOfflineTerraform)('terraform, offline', { timeout: 120_000 }, () => {
  test('fmt -check: it is formatted as terraform formats it', () => {
    const args = ['fmt', '-check', '-recursive', module]
    const { status, stdout } = spawnSync('terraform', args, { encoding: 'utf8' })
    expect(status, stdout).toBe(0)
  })

  test.each(['.', ...examples])('init, validate: %s', (name) => {
    const valid = terraform(join(whole(), name), 'validate')
    expect(valid.status, valid.said).toBe(0)
  })

  test.each([
    ['.', '-filter=tests/promises.tftest.hcl'],
    ...[...parts, ...examples].map((name) => [name]),
  ])('init, test: %s keeps what it promises', (name, ...args) => {
    expectPassed(terraform(join(whole(), name), 'test', ...args))
  })

  // Beside the resources each of these plans would take seconds.
  test('init, test: the variables of the module refuse what is wrong', () => {
    const folder = join(work, 'variables/terraform')
    for (const name of ['variables.tf', 'versions.tf', 'tests'])
      cpSync(join(module, name), join(folder, name), { recursive: true })
    cpSync(join(root, 'infra/policy'), join(work, 'variables/policy'), { recursive: true })
    expectPassed(terraform(folder, 'test', '-filter=tests/variables.tftest.hcl'))
  })

  test.each(groupedMistakes)('its tests find each of many mistakes in $name', (group) => {
    const { folder, mistakes } = group
    const changes = mistakes.map(({ change }) => change)
    const { status, said } = terraform(
      join(copy(`grouped/${group.name}`, changes), folder),
      'test',
      '-filter=tests/' + group.tests,
    )
    expect(status).not.toBe(0)
    const found = said.replaceAll(/\s+/g, ' ')
    expect(mistakes.filter(({ words }) => !found.includes(words))).toEqual([])
    // Each has words of its own, which nobody says of the module as it is: one finds no other's mistake.
    expect(new Set(mistakes.map(({ words }) => words)).size).toBe(mistakes.length)
  })

  test.each(lonelyMistakes)('and that $name', ({ change, words }) => {
    const { status, said } = terraform(copy(`lonely/${words}`, [change]), 'validate')
    expect(status).not.toBe(0)
    expect(said).toContain(words)
  })
})
