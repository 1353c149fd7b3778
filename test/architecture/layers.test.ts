import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** The life of a query, from left to right. A stage may look left, never right. */
const stages = [
  'identity',
  'session',
  'analysis',
  'policy',
  'approval',
  'recording',
  'upstream',
  'masking',
]
const vocabularies = ['bigquery', 'tlog']
/** What is served, likewise: the console shows approvals, and runs recorded calls again. */
const surfaces = ['gateway', 'approval-desk', 'console']

/** Which folders of shared/ a file in the given folder may import from. */
function reach(folder: string): readonly string[] {
  const words = ['kernel', ...vocabularies]
  if (folder === 'kernel') return ['kernel']
  if (vocabularies.includes(folder)) return [folder, 'kernel']
  if (stages.includes(folder)) return [...words, ...stages.slice(0, stages.indexOf(folder) + 1)]
  if (surfaces.includes(folder))
    return [...words, ...stages, ...surfaces.slice(0, surfaces.indexOf(folder) + 1)]
  if (folder === 'adapters') return [...words, ...stages, 'adapters']
  throw new Error(`shared/${folder} has no place in the layers; give it one here`)
}

/** Every package has an owner; one that is not listed may not be imported. */
const owners: Record<string, RegExp> = {
  '@google-cloud/functions-framework': /^functions\//,
  '@google-cloud/pubsub': /^shared\/adapters\/pubsub\//,
  '@grpc/grpc-js': /^shared\/adapters\/googlesql\//,
  '@opentelemetry/api': /^(shared\/kernel|functions\/telemetry)\//,
  '@opentelemetry/context-async-hooks': /^functions\/telemetry\//,
  '@opentelemetry/core': /^functions\/telemetry\//,
  '@opentelemetry/exporter-metrics-otlp-http': /^functions\/telemetry\//,
  '@opentelemetry/exporter-trace-otlp-http': /^functions\/telemetry\//,
  '@opentelemetry/resources': /^functions\/telemetry\//,
  '@opentelemetry/sdk-metrics': /^functions\/telemetry\//,
  '@opentelemetry/sdk-trace-base': /^functions\/telemetry\//,
  '@hono/zod-openapi': /^shared\/console\//,
  '@hpcc-js/wasm-graphviz': /^infra\/build\//,
  '@hono/node-server': /^(functions|infra\/local)\//,
  '@marcbachmann/cel-js': /^shared\/policy\//,
  '@slack/web-api': /^shared\/adapters\/slack\//,
  '@sinonjs/fake-timers': /^infra\/local\//,
  commander: /^functions\/|^infra\/local\/(seed\/)?main/,
  'csv-stringify': /^shared\/console\//,
  esbuild: /^infra\/build\//,
  fflate: /^infra\/build\//,
  'google-auth-library': /^shared\/adapters\/(bigquery|secret-manager)\//,
  'highlight.js': /^shared\/console\//,
  hono: /^shared\/(gateway|approval-desk|console)\//,
  jose: /^shared\/(identity|adapters\/oidc)\/|^infra\/local\//,
  'lru-cache': /^shared\/(identity|analysis|gateway|adapters)\//,
  'node:sqlite': /^shared\/adapters\/sqlite\//,
  'oidc-provider': /^infra\/local\/issuer\//,
  protobufjs: /^shared\/adapters\/googlesql\//,
  'sql-formatter': /^shared\/console\//,
  undici: /^shared\/adapters\/bigquery\//,
  yaml: /^shared\/policy\/|^functions\/commands\/|^infra\/local\//,
  zod: /^shared\/(bigquery|gateway|approval-desk|console|identity|policy|adapters)\/|^infra\/(build|cost|local)\//,
}

const files = ['shared', 'functions', 'infra'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${top}/${name}`),
)

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

test.each(files)('%s imports only what its layer may', (file) => {
  const source = readFileSync(join(root, file), 'utf8')
  const specifiers = source.matchAll(
    /\bfrom '([^'\n]+)'$|\bimport\('([^'\n]+)'\)|^import '([^'\n]+)'$/gm,
  )
  for (const [, named, dynamic, bare] of specifiers) {
    const specifier = named ?? dynamic ?? bare ?? ''
    if (specifier.startsWith('.')) {
      const target = relative(root, normalize(join(root, dirname(file), specifier)))
      const [top = '', folder = ''] = target.split('/')
      if (!file.startsWith('shared/')) continue
      expect(top, `${file} → ${target}`).toBe('shared')
      expect(reach(file.split('/')[1] ?? ''), `${file} → ${target}`).toContain(folder)
    } else if (specifier === 'node:sqlite' || !specifier.startsWith('node:')) {
      const owner = owners[packageOf(specifier)]
      expect(owner, `${specifier} needs an owner in this test`).toBeDefined()
      expect(file, `${specifier} has one owner`).toMatch(owner ?? /^$/)
    }
  }
})

test('only functions read the environment', () => {
  const strays = files.filter(
    (file) =>
      !file.startsWith('functions/') &&
      readFileSync(join(root, file), 'utf8').includes('process.env'),
  )
  expect(strays).toEqual([])
})

test('nothing that is deployed imports the local stack', () => {
  const strays = files.filter(
    (file) =>
      !file.startsWith('infra/') && readFileSync(join(root, file), 'utf8').includes('infra/local/'),
  )
  expect(strays).toEqual([])
})
