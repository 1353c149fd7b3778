import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const [, table = ''] =
  /^## What each account may do$([\s\S]*?)^## /m.exec(read('docs/deploy.md')) ?? []
/** Cells of the table, by the account in the first one. */
const rows = new Map(
  [...table.matchAll(/^\| `sluice-([\w-]+)` +\|(.*)\|$/gm)].map(([, account = '', rest = '']) => [
    account,
    rest.split('|').map((cell) => cell.trim()),
  ]),
)
/** Names in a list or a map of terraform. */
const namesIn = (file: string, start: string) => {
  const [, body = ''] =
    new RegExp(`${start}([\\s\\S]*?)(?:\\n {2}\\}|\\]\\)?\\n)`).exec(
      read(`infra/terraform/${file}`),
    ) ?? []
  return [...body.matchAll(/"?([a-z]+(?:-[a-z]+)*)"?(?: += +"(\w+)")?/g)]
}

const RIGHTS: Readonly<Record<string, RegExp>> = {
  entry_creator: /^create; get by id/,
  entry_writer: /^create, read$/,
  entry_retainer: /^create, read, \*\*delete\*\*$/,
}

test('the table of accounts has the roles in the record that terraform gives', () => {
  const given = namesIn('iam.tf', 'entry_roles = \\{')
  expect(given.length).toBeGreaterThan(7)
  for (const [, name = '', role = ''] of given)
    expect(rows.get(name)?.[0], name).toMatch(RIGHTS[role] ?? /^$/)
  const others = [...rows.keys()].filter((name) => !given.some(([, each]) => each === name))
  expect(new Set(others)).toEqual(new Set(['build', 'push', 'slack']))
  for (const name of others) expect(rows.get(name)?.[0]).toBe('nothing')
})

test('those act as connections who may', () => {
  const queriers = namesIn('iam.tf', 'queriers = \\[').map(([, name]) => name)
  expect(queriers.length).toBeGreaterThan(3)
  const said = [...rows].filter(([, cells]) => cells[3]?.includes('act as connections'))
  expect(new Set(said.map(([name]) => name))).toEqual(new Set(queriers))
})

test('those wrap secrets of sessions who may, and one alone signs checkpoints', () => {
  const confidants = namesIn('keys.tf', 'confidants = toset\\(\\[').map(([, name]) => name)
  expect(confidants).toHaveLength(2)
  const wrap = [...rows].filter(([, cells]) => /wrap session secrets|the same/.test(cells[2] ?? ''))
  expect(new Set(wrap.map(([name]) => name))).toEqual(new Set(confidants))
  const sign = [...rows].filter(([, cells]) => cells[2]?.includes('sign checkpoints'))
  expect(sign.map(([name]) => name)).toEqual(['log-publisher'])
})
