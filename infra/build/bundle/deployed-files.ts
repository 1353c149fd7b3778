import { join } from 'node:path'

/** Takes the place of `package-files.ts` in what is deployed: GoogleSQL lies beside the bundle. */
export const descriptorFile = join(import.meta.dirname, 'googlesql/descriptor.json')

/** The server binary. Cloud Functions run on Linux, x64. */
export function googleSqlBinary(): string {
  return join(import.meta.dirname, 'googlesql/remote_server.so')
}
