import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { z } from 'zod'

const Manifest = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
})

const FRAMEWORK = '@google-cloud/functions-framework'

/** Uses what Node compiled when the function was built, and what it compiles itself where it may write. */
const ENTRY = `import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache({ directory: join(import.meta.dirname, '.compile-cache'), portable: true })
await import('./function.js')
`

/** Run by Cloud Functions' build, in the same Node that will serve. Imports nothing that starts anything. */
const COMPILE = `import { readdirSync } from 'node:fs'
import { createRequire, enableCompileCache, flushCompileCache } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = import.meta.dirname
enableCompileCache({ directory: join(folder, '.compile-cache'), portable: true })
// Without settings a function says so, and serves nobody.
process.stdout.write = () => true
// The framework is loaded before anything of ours: where NODE_COMPILE_CACHE names this folder's, it is found there too.
const require = createRequire(import.meta.url)
const framework = dirname(require.resolve('${FRAMEWORK}'))
for (const part of ['invoker', 'loader', 'logger', 'options', 'server'])
  require(join(framework, part + '.js'))
for (const name of readdirSync(folder))
  if (/^(?:chunk-.*|function)\\.js$/.test(name)) await import(pathToFileURL(join(folder, name)).href)
flushCompileCache()
process.exit(0)
`

/** Writes what makes a folder with `function.js` a function that Cloud Functions can build: one dependency, and no other file. */
export function writeEntryFiles(root: string, name: string, folder: string): void {
  const { version, dependencies } = Manifest.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  )
  const manifest = {
    name: `sluice-${name}`,
    version,
    private: true,
    type: 'module',
    main: 'index.js',
    engines: { node: '24' },
    scripts: { 'gcp-build': 'node compile.js' },
    dependencies: { [FRAMEWORK]: dependencies[FRAMEWORK] },
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  writeFileSync(join(folder, 'index.js'), ENTRY)
  writeFileSync(join(folder, 'compile.js'), COMPILE)
}
