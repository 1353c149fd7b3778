import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const artifacts = mkdtempSync(join(tmpdir(), 'sluice-dead-letters-'))
mkdirSync(join(artifacts, 'gateway'))
afterAll(() => rmSync(artifacts, { recursive: true }))

// They were pushed to the root, where the functions take the topic itself and nothing else: a no that was tried in vain was lost.
test('gcloud has dead letters pushed to where functions take them', () => {
  const options =
    '--project acme-sluice --region europe-west3 --log-origin a.example/log --policy infra/policy/example.yaml --dry-run'
  const script = join(root, 'infra/gcloud/deploy.sh')
  const args = [script, ...options.split(' '), '--artifacts', artifacts]
  const { stdout } = spawnSync('bash', args, { cwd: root, encoding: 'utf8' })
  const endpoints = [...stdout.matchAll(/subscriptions create (\S+) .*--push-endpoint=(\S+)/g)].map(
    ([, subscription = '', endpoint = '']) => [subscription, new URL(endpoint).pathname],
  )
  expect(endpoints).toEqual([
    ['approval-requests', '/sluice-approval-notifier'],
    ['approval-requests-dead-letter', '/sluice-approval-notifier/dead-letter'],
    ['approval-decisions', '/sluice-approval-resolver'],
    ['approval-decisions-dead-letter', '/sluice-approval-resolver/dead-letter'],
  ])
})

test('terraform has them pushed there, too', () => {
  const text = readFileSync(join(root, 'infra/terraform/pubsub.tf'), 'utf8')
  const endpoints = [...text.matchAll(/subscription" "(\w+)" \{[\s\S]*?push_endpoint = (.*)/g)]
  expect(endpoints.map(([, name, endpoint]) => [name, endpoint])).toEqual([
    ['push', 'local.own_url[each.key]'],
    ['dead_letter', '"${local.own_url[each.key]}/dead-letter"'],
  ])
})
