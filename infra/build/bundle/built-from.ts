import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** Whatever a build is made from; the lock stands for packages. */
const SOURCES = ['functions', 'shared', 'infra/build', 'package.json', 'package-lock.json']

/** Where the digest of what a function was built from is kept. */
export function builtFromFile(dist: string, name: string): string {
  return join(dist, `${name}.built-from`)
}

/** Whether this function was built from the sources as they are now. */
export function isUpToDate(dist: string, name: string): boolean {
  const stamp = builtFromFile(dist, name)
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === sourcesDigest()
}

/** SHA-256, hex, of the names and contents of everything a build is made from. */
export function sourcesDigest(): string {
  const digest = createHash('sha256')
  for (const source of SOURCES) {
    const path = join(root, source)
    const isFolder = statSync(path).isDirectory()
    const names = isFolder ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : ['']
    for (const name of names.toSorted()) {
      const file = join(path, name)
      if (!statSync(file).isFile()) continue
      const content = createHash('sha256').update(readFileSync(file)).digest('hex')
      digest.update(`${source}/${name} ${content}\n`)
    }
  }
  return digest.digest('hex')
}
