import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { type Zippable, zipSync } from 'fflate'

/** MS-DOS time begins here, and knows no zone. */
const MTIME = new Date(1980, 0, 1)
const UNIX = 3

/** A zip of all files below `folder`, the same for the same files: in the order of their names, without their times. */
export function zipFolder(folder: string): Uint8Array {
  const files: Zippable = {}
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted((a, b) =>
    a < b ? -1 : 1,
  )
  for (const name of names) {
    const path = join(folder, name)
    const { mode } = statSync(path)
    if (statSync(path).isDirectory()) continue
    // Whether it can be run is in the high half, as Info-ZIP writes it.
    const attrs = ((mode & 0o100) === 0 ? 0o100644 : 0o100755) * 0x10000
    files[name] = [readFileSync(path), { level: 9, mtime: MTIME, os: UNIX, attrs }]
  }
  return zipSync(files)
}
