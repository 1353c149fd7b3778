import { tmpdir } from 'node:os'

import { type Metafile, build } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'

import { bundleOptions } from '../../infra/build/bundle/bundle-function.ts'

let metafile: Metafile
let atStart: readonly string[]

beforeAll(async () => {
  // In memory: what is in it is all that is looked at.
  const options = { ...bundleOptions('gateway', tmpdir()), write: false, sourcemap: false } as const
  metafile = (await build(options)).metafile
  atStart = modulesAtStart(metafile)
}, 60_000)

test('every cold start of the gateway loads what a query needs', () => {
  for (const file of [
    'functions/wiring.ts',
    'shared/gateway/pipeline.ts',
    'shared/masking/mask-reply.ts',
    'shared/adapters/firestore/rest-client.ts',
  ])
    expect(atStart).toContain(file)
})

test.each([
  /^shared\/console\//,
  /^shared\/approval-desk\/slack\//,
  /^shared\/adapters\/(?:slack|storage|witness)\//,
  /^shared\/recording\/(?:reconcile|erasure|retention\/(?!remove-found)|log)\b/,
  /^functions\/(?:audit-surface|sealing|slack-app|reconciling|upkeep)\.ts$/,
  /^functions\/telemetry\/open-telemetry\.ts$/,
  /node_modules\/(?:@google-cloud|google-auth-library|google-gax|gaxios|@slack|@opentelemetry\/sdk|@hono\/zod-openapi|sql-formatter|highlight\.js|csv-stringify)/,
  // Of undici the client, of zod English.
  /node_modules\/undici\/(?:index|lib\/(?:mock|cache)\/)/,
  /node_modules\/zod\/v4\/locales\/(?!en\.js)/,
])('no cold start of the gateway waits for %s', (elsewhere) => {
  expect(atStart.filter((file) => elsewhere.test(file))).toEqual([])
})

test('what starts the gateway stays small', () => {
  const bytes = outputsAtStart(metafile).reduce((sum, { bytes: each }) => sum + each, 0)
  expect(bytes).toBeLessThan(2.5 * 1024 * 1024)
})

type Output = Metafile['outputs'][string]

/** The entry and the chunks that it imports, and those that they import: whatever is there before anything is served. */
function outputsAtStart({ outputs }: Metafile): readonly Output[] {
  const names = Object.keys(outputs).filter((name) => /\bfunction\.js$/.test(name))
  for (const name of names)
    for (const { kind, path } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement' && path in outputs && !names.includes(path)) names.push(path)
  return names.flatMap((name) => outputs[name] ?? [])
}

function modulesAtStart(meta: Metafile): readonly string[] {
  return outputsAtStart(meta).flatMap(({ inputs }) =>
    Object.entries(inputs)
      // What is only looked at for its types, or for nothing, is not in it.
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  )
}
