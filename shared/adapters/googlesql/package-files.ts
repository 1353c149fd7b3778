import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Where the package that carries GoogleSQL lies, and its version. Throws when it is not installed. */
export function googleSqlPackage(): { readonly folder: string; readonly version: string } {
  const manifest = require.resolve('@fivetrandevelopers/zetasql/package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  return { folder: dirname(manifest), version: String(version) }
}

/** The server binary for this platform. Google builds exist for Linux and macOS, x64 and arm64. */
export function googleSqlBinary(): string {
  const machine = process.arch.startsWith('arm') ? '_arm' : ''
  const system = process.platform === 'darwin' ? '' : '.so'
  return join(googleSqlPackage().folder, 'lib/zetasql', `remote_server${machine}${system}`)
}

/** Where `npm run prepare` leaves the descriptor, and where it is looked for. */
export const descriptorFile = join(import.meta.dirname, '../../../dist/googlesql/descriptor.json')
