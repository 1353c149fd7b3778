import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import {
  descriptorFile,
  googleSqlPackage,
} from '../../../shared/adapters/googlesql/package-files.ts'

/** Of `remote_server.so` in @fivetrandevelopers/zetasql 1.13.0, for Linux on x64: nothing else is deployed. */
const SERVER_SHA256 = 'c68edd4501e2eebbc76f07bc6fc2d01c244ce7f92a336efd513ea6f23c37aa5b'

/**
 * Puts GoogleSQL into `<folder>/googlesql`, without the symbols that only a debugger reads where there is a `strip`. Throws when
 * the package holds another binary than the one that was looked at.
 */
export function copyGoogleSql(folder: string): void {
  const into = join(folder, 'googlesql')
  mkdirSync(into, { recursive: true })
  const server = join(googleSqlPackage().folder, 'lib/zetasql/remote_server.so')
  const digest = createHash('sha256').update(readFileSync(server)).digest('hex')
  if (digest !== SERVER_SHA256)
    throw new Error(`GoogleSQL's server is another one: SHA-256 \`${digest}\``)
  const copy = join(into, 'remote_server.so')
  copyFileSync(server, copy)
  chmodSync(copy, 0o755)
  spawnSync('strip', ['--strip-unneeded', '--enable-deterministic-archives', copy])
  copyFileSync(descriptorFile, join(into, 'descriptor.json'))
}
