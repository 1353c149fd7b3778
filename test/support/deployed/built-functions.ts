import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { isUpToDate } from '../../../infra/build/bundle/built-from.ts'
import { functionList } from '../../../infra/build/bundle/function-list.ts'

const root = join(import.meta.dirname, '../../..')

/** `dist`, with every function in it built from the sources as they are. Builds those that are not, and no zips. */
export async function buildFunctions(): Promise<{ readonly dist: string }> {
  const dist = join(root, 'dist')
  const names = functionList.map(({ name }) => name).filter((name) => !isUpToDate(dist, name))
  if (names.length > 0) {
    const build = join(root, 'infra/build/functions.ts')
    await promisify(execFile)(process.execPath, [build, '--no-zip', ...names])
    // What Cloud Functions does to each of them before it serves it.
    await Promise.all(
      names.map((name) =>
        promisify(execFile)(process.execPath, ['compile.js'], { cwd: join(dist, name) }),
      ),
    )
  }
  return { dist }
}
