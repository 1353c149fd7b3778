import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const require = createRequire(import.meta.url)

/** `import()` of a package, and what it is asked for. */
const LOADED = /await import\('(?!\.|node:)([^']+)'\)(\)\.default)?/g

/** Of which Node gives names, but a bundle with chunks nothing but `default`. */
function isCommonJs(name: string): boolean {
  const [path = ''] = require.resolve(name).match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []
  const manifest: { type?: string } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  return manifest.type !== 'module'
}

test('a CommonJS package that is loaded when it is needed is asked for its default: a bundle has no other name of it', () => {
  const loaded = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) =>
        [...readFileSync(join(root, folder, file), 'utf8').matchAll(LOADED)].map(
          ([, name = '', asDefault]) => ({ file: join(folder, file), name, asDefault }),
        ),
      ),
  )
  expect(loaded.map(({ name }) => name)).toContain('@slack/web-api')
  const wrong = loaded.filter(({ name, asDefault }) => asDefault === undefined && isCommonJs(name))
  expect(wrong).toEqual([])
})
