import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

/**
 * What is in a file that nobody else may read; `make` makes it the first time. Throws when the file is
 * readable to others.
 */
export function privateFile(path: string, make: () => string): string {
  createIfMissing(path, make)
  // Windows has no such bits.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new Error(`the key file must not be accessible to others (chmod 600): \`${path}\``)
  return readFileSync(path, 'utf8')
}

function createIfMissing(path: string, make: () => string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return
  const temporary = `${path}.${randomUUID()}`
  writeFileSync(temporary, make(), { mode: 0o600, flag: 'wx', flush: true })
  try {
    // Of two that start at once, one makes the file and both read it.
    linkSync(temporary, path)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  } finally {
    rmSync(temporary)
  }
}
