import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { expect, test } from 'vitest'

// What infra/terraform/iam.tf and keys.tf leave out, nobody may need: this only shows on Google Cloud, where it fails.

const root = join(import.meta.dirname, '../..')

/** Files that run when these do, by their imports; types run nowhere. */
function running(...starts: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    const text = readFileSync(file, 'utf8')
    const imports = text.matchAll(/^(?:import|export) (?!type )[^;'"]*?from '(\.[^']+)'$/gm)
    for (const [, path = ''] of imports) visit(join(dirname(file), path))
  }
  for (const start of starts) {
    expect(existsSync(join(root, start)), start).toBe(true)
    visit(join(root, start))
  }
  return [...found].map((file) => relative(root, file))
}

const whichOf = (files: readonly string[], does: RegExp) =>
  files.filter((file) => does.test(readFileSync(join(root, file), 'utf8')))

const dataPath = ['shared/gateway/app.ts', 'shared/approval-desk/api/approvals-routes.ts']
const notifier = ['shared/approval-desk/desk-work.ts', 'shared/approval-desk/push-routes.ts']
const resolver = ['shared/gateway/held/start-held.ts', 'shared/gateway/held/stop-held.ts']
const slack = ['shared/approval-desk/slack/slack-routes.ts']
const sweeper = [
  'shared/gateway/close-calls.ts',
  'shared/recording/sessions/close-sessions.ts',
  'shared/recording/search/index-record.ts',
]
const publisher = ['shared/recording/log/seal.ts']
const retainer = ['shared/recording/retention/apply-retention.ts']
const reconciler = ['shared/recording/reconcile/reconcile.ts']

const listsEntries = /\bentries\.(list|committed)\(/
const privateFacts = /\bsecrets\.(current|find)\(/
const deletes = /\bports\.remove\(|\bobjects\.remove\(/

test.each([
  ['the gateway', dataPath],
  ['the notifier', notifier],
  ['the resolver', [...notifier, ...resolver]],
])('%s lists no entries: it is granted to look one up by its id', (_name, starts) => {
  const files = running(...starts)
  expect(files.length).toBeGreaterThan(30)
  expect(whichOf(files, listsEntries)).toEqual([])
})

test('whoever does is granted it', () => {
  for (const starts of [sweeper, publisher, retainer, reconciler])
    expect(whichOf(running(...starts), listsEntries)).not.toEqual([])
})

test('private facts are sealed and opened for calls of the gateway and the console alone', () => {
  const others = [notifier, resolver, slack, sweeper, publisher, retainer, reconciler].flat()
  expect(whichOf(running(...others), privateFacts)).toEqual([])
  expect(whichOf(running(...dataPath), privateFacts)).not.toEqual([])
})

test('slack’s function has no part in the record', () => {
  expect(whichOf(running(...slack), /\bentries\.\w+\(|createDurably\(|createPrivately\(/)).toEqual(
    [],
  )
})

test('nobody deletes from the record but the retainer, and the publisher what it staged', () => {
  const others = [dataPath, notifier, resolver, slack, sweeper, reconciler].flat()
  expect(whichOf(running(...others), deletes)).toEqual([])
  expect(whichOf(running(...publisher), deletes)).toEqual(['shared/recording/log/publish.ts'])
  expect(whichOf(running(...retainer), deletes)).not.toEqual([])
})
