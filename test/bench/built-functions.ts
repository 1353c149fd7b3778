import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { buildFunction } from '../../infra/build/bundle/build-function.ts'
import { functionList } from '../../infra/build/bundle/function-list.ts'

/** Functions as they are deployed, each in its folder, after the build of Cloud Functions. */
export interface BuiltFunctions {
  readonly gateway: string
  /** One that does nothing: the floor. */
  readonly empty: string
}

const root = join(import.meta.dirname, '../..')

const EMPTY = `import { http } from '@google-cloud/functions-framework'
http('empty', (_request, response) => { response.end() })
`

/** Builds them below `folder`, as \`npm run build\` and \`gcp-build\` do. */
export async function buildFunctions(folder: string): Promise<BuiltFunctions> {
  const dist = join(folder, 'dist')
  const gateway = functionList.find(({ name }) => name === 'gateway')
  if (gateway === undefined) throw new Error('there is no gateway')
  await buildFunction(gateway, dist, { zips: false })
  const empty = join(dist, 'empty')
  mkdirSync(empty)
  writeFileSync(join(empty, 'package.json'), '{ "type": "module", "main": "index.js" }\n')
  writeFileSync(join(empty, 'index.js'), EMPTY)
  // What `npm ci` would put there.
  symlinkSync(join(root, 'node_modules'), join(dist, 'node_modules'))
  const cwd = join(dist, 'gateway')
  execFileSync(process.execPath, ['compile.js'], { cwd, stdio: 'ignore' })
  return { gateway: cwd, empty }
}

/** What has Node find what it compiled before: the framework too, which is loaded before anything of ours. */
export function compileCacheOf(source: string): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: join(source, '.compile-cache'), NODE_COMPILE_CACHE_PORTABLE: '1' }
}
