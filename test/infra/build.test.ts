import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'

import { afterAll, describe, expect, test } from 'vitest'

import { buildFunction } from '../../infra/build/bundle/build-function.ts'
import { functionList } from '../../infra/build/bundle/function-list.ts'
import { packagesMissing } from '../../infra/build/bundle/packages-missing.ts'
import { builtFunctions } from '../support/deployed/deployment.ts'

const root = join(import.meta.dirname, '../..')
const FRAMEWORK = '@google-cloud/functions-framework'
const PATIENCE = { timeout: 300_000 }

const dist = await builtFunctions()
const temporary = mkdtempSync(join(tmpdir(), 'sluice-build-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

/** Files below a folder, by their path; without what Node compiles of them where they are served. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.compile-cache') && statSync(join(folder, name)).isFile())
    .toSorted()
}

function digests(folder: string): Readonly<Record<string, string>> {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return Object.fromEntries(filesIn(folder).map((name) => [name, digest(name)]))
}

test('two builds are byte-identical, wherever they are written', PATIENCE, async () => {
  const slack = functionList.find(({ name }) => name === 'slack')
  if (slack === undefined) throw new Error('it is gone')
  const [one, other] = [join(temporary, 'one'), join(temporary, 'elsewhere/other')]
  const bytes = await buildFunction(slack, one)
  await buildFunction(slack, other)
  expect(bytes).toBeLessThanOrEqual(slack.budgetBytes)
  expect(Object.keys(digests(one))).toEqual(
    expect.arrayContaining(['slack.zip', 'slack/function.js', 'maps/slack/function.js.map']),
  )
  expect(digests(other)).toEqual(digests(one))
})

describe.each(functionList)(
  'what is built of $name',
  ({ name, analyzes, hasPages, budgetBytes }) => {
    const folder = join(dist, name)
    const files = filesIn(folder)
    const scripts = files.filter((file) => /^[^/]+\.js$/.test(file))

    test('has one dependency, in the version that is tested here', () => {
      const { dependencies } = manifestIn(root)
      expect(manifestIn(folder)).toEqual({
        name: `sluice-${name}`,
        version: '0.1.0',
        private: true,
        type: 'module',
        main: 'index.js',
        engines: { node: '24' },
        scripts: { 'gcp-build': 'node compile.js' },
        dependencies: { [FRAMEWORK]: dependencies?.[FRAMEWORK] },
      })
    })

    test('holds what is served and nothing else, and source maps are apart', () => {
      const usual = /^(index|function|compile|chunk-[A-Z0-9]{8})\.js$|^package\.json$/
      const others = files.filter((file) => !usual.test(file))
      const sql = others.filter((file) => file.startsWith('googlesql/'))
      const pages = others.filter((file) => /^assets\/.+\.(css|svg|ts)$/.test(file))
      expect(sql).toEqual(
        analyzes ? ['googlesql/descriptor.json', 'googlesql/remote_server.so'] : [],
      )
      expect(pages.length > 0).toBe(hasPages)
      expect(others.filter((file) => ![...sql, ...pages].includes(file))).toEqual([])
      const bundled = scripts.filter((file) => !/^(index|compile)\.js$/.test(file))
      expect(filesIn(join(dist, 'maps', name))).toEqual(bundled.map((file) => `${file}.map`))
      for (const file of scripts)
        expect(readFileSync(join(folder, file), 'utf8')).not.toContain('sourceMappingURL')
    })

    test('is within its budget', () => {
      expect(files.reduce((sum, file) => sum + deflated(join(folder, file)), 0)).toBeLessThan(
        budgetBytes,
      )
    })
  },
)

test('GoogleSQL is deployed for Linux on x64, and can be run', () => {
  const server = join(dist, 'gateway/googlesql/remote_server.so')
  const header = readFileSync(server).subarray(0, 20)
  expect(header.subarray(0, 5).toString('latin1')).toBe('\x7fELF\x02')
  // `e_machine` of x86-64.
  expect(header.readUInt16LE(18)).toBe(0x3e)
  expect(statSync(server).mode & 0o111).toBe(0o111)
})

test(
  'what the cloud makes of a folder finds all it imports where nothing but the framework is installed',
  PATIENCE,
  async () => {
    for (const name of ['console', 'slack']) {
      const installed = join(temporary, 'installed', name)
      cpSync(join(dist, name), installed, {
        recursive: true,
        filter: (path) => !/\.compile-cache|remote_server/.test(path),
      })
      mkdirSync(join(installed, 'node_modules/@google-cloud'), { recursive: true })
      symlinkSync(join(root, 'node_modules', FRAMEWORK), join(installed, 'node_modules', FRAMEWORK))
      const compile = promisify(execFile)(process.execPath, ['compile.js'], {
        cwd: installed,
        env: { PATH: process.env['PATH'] },
      })
      // oxlint-disable-next-line no-await-in-loop -- one after another: each takes a core
      await expect(compile, name).resolves.toMatchObject({ stdout: '' })
      expect(readdirSync(join(installed, '.compile-cache')).length).toBeGreaterThan(0)
    }
  },
)

test('a bundle that needs a package that is not deployed is not built', () => {
  const external = true
  const imports = [
    { path: 'node:fs', external },
    { path: 'tls', external },
    { path: 'supports-color', external },
    { path: FRAMEWORK, external },
    { path: 'chunk-A.js' },
    { path: '@google-cloud/pubsub', external },
  ]
  const missing = packagesMissing({ outputs: { 'function.js': { imports } } }, [FRAMEWORK])
  expect(missing).toEqual(['@google-cloud/pubsub'])
})

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
}

function manifestIn(folder: string): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return manifest
}

const known = new Map<string, number>()

/** At most so many bytes of a zip: the build compresses harder. What is in many functions is compressed once. */
function deflated(file: string): number {
  const key = `${basename(file)} ${statSync(file).size}`
  const bytes = known.get(key) ?? deflateRawSync(readFileSync(file), { level: 1 }).length
  known.set(key, bytes)
  return bytes
}
