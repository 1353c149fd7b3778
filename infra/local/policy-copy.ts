import { readFileSync, renameSync, unwatchFile, watchFile, writeFileSync } from 'node:fs'

/**
 * Keeps `copy` as `written` is, but for what `change` does to it, so that whoever edits the policy sees
 * what the gateway makes of it. Throws when `written` cannot be read. Returns what ends it.
 */
export function policyCopy(
  written: string,
  copy: string,
  change: (policy: string) => string,
): () => void {
  const write = (): void => {
    writeFileSync(`${copy}.new`, change(readFileSync(written, 'utf8')))
    renameSync(`${copy}.new`, copy)
  }
  const rewrite = (): void => {
    try {
      write()
    } catch {
      // Gone, or not to be read: the gateway goes on under the last copy.
    }
  }
  write()
  watchFile(written, { interval: 500, persistent: false }, rewrite)
  return () => unwatchFile(written, rewrite)
}
