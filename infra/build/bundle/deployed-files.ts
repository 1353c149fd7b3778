import { join } from 'node:path'

/** Takes the place of `package-files.ts` and `assets-folder.ts` in what is deployed: everything lies beside the bundle. */
export const descriptorFile = join(import.meta.dirname, 'googlesql/descriptor.json')

/** Stylesheets and scripts of the console. */
export const assetsFolder = join(import.meta.dirname, 'assets')

/** The server binary. Cloud Functions run on Linux, x64. */
export function googleSqlBinary(): string {
  return join(import.meta.dirname, 'googlesql/remote_server.so')
}
