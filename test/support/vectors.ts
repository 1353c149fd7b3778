import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { describe, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../../shared/vectors')

/** What reads vectors below one folder, by their path in it. */
export interface Vectors {
  /** All files at or below a path, sorted. */
  readonly list: (path?: string) => readonly string[]
  readonly bytes: (path: string) => Buffer
  readonly text: (path: string) => string
  readonly json: (path: string) => unknown
}

/**
 * Tests against other people's vectors. They are no part of this repository: they are read where
 * they lie beside it, and where they do not, one skipped test says so.
 */
export function describeVectors(folder: string, tests: (vectors: Vectors) => void): void {
  const root = join(FOLDER, folder)
  const here = existsSync(root)
  const found = here ? tests : notHere
  describe.skipIf(!here)(`vectors of ${folder}`, () => {
    found(readFrom(root))
  })
}

function notHere(): void {
  test('the vectors are not here', () => {})
}

function readFrom(root: string): Vectors {
  const bytes = (path: string) => readFileSync(join(root, path))
  const text = (path: string) => bytes(path).toString()
  return {
    list: (path = '') =>
      readdirSync(join(root, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .toSorted(),
    bytes,
    text,
    json: (path) => JSON.parse(text(path)),
  }
}
