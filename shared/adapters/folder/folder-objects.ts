import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import type { LogObjects } from '../../recording/log-objects.ts'

/** Where objects are written before they are where they belong; a path of the log never starts with a dot. */
const INCOMING = '.incoming'

/**
 * `LogObjects` in a folder on one disk, readable to us alone, made when it is not there. Any number of processes may use
 * it. A path is names of letters, digits, dots, hyphens and underscores, none of which starts with a dot: every
 * method rejects for any other.
 */
export function folderObjects(folder: string): LogObjects {
  const root = resolve(folder)
  return {
    create: (path, bytes) =>
      withWritten(root, path, bytes, async (temporary, target) => {
        try {
          // Unlike a rename it leaves what is there.
          await link(temporary, target)
        } catch (cause) {
          if (!hasCode(cause, 'EEXIST')) throw cause
          if (!(await readFile(target)).equals(bytes)) return 'conflict'
        }
        // Also of what was there: whoever wrote it may have died before that.
        await keepNames(root, target)
        return 'created'
      }),
    read: async (path) => {
      try {
        return await readFile(within(root, path))
      } catch (cause) {
        if (hasCode(cause, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined
        throw cause
      }
    },
    replace: (path, bytes) =>
      withWritten(root, path, bytes, async (temporary, target) => {
        await rename(temporary, target)
        await keepNames(root, target)
      }),
    remove: async (path) => {
      await rm(within(root, path), { force: true })
    },
  }
}

const PATH = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/

/** Throws `TypeError` for a path that would not stay in the folder. */
function within(root: string, path: string): string {
  if (!PATH.test(path)) throw new TypeError(`no path of a log: \`${path}\``)
  return join(root, path)
}

/** Puts bytes on the disk under another name, for `work` to move; nothing of that name is left. */
async function withWritten<T>(
  root: string,
  path: string,
  bytes: Uint8Array,
  work: (temporary: string, target: string) => Promise<T>,
): Promise<T> {
  const target = within(root, path)
  const incoming = join(root, INCOMING)
  const temporary = join(incoming, randomUUID())
  for (const folder of [incoming, dirname(target)])
    // oxlint-disable-next-line no-await-in-loop -- two of them
    await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    return await work(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Resolves once a crash cannot take the name of a file away, nor those of the folders it is in. */
async function keepNames(root: string, target: string): Promise<void> {
  // Windows keeps them by itself, and lets nobody open a folder.
  if (process.platform === 'win32') return
  for (let folder = dirname(target); folder.length >= root.length; folder = dirname(folder)) {
    // oxlint-disable-next-line no-await-in-loop -- a few, from the inside out
    const opened = await open(folder, 'r')
    try {
      // oxlint-disable-next-line no-await-in-loop
      await opened.sync()
    } finally {
      // oxlint-disable-next-line no-await-in-loop
      await opened.close()
    }
    if (folder === dirname(folder)) return
  }
}

function hasCode(cause: unknown, ...codes: readonly string[]): boolean {
  return (
    cause instanceof Error &&
    'code' in cause &&
    typeof cause.code === 'string' &&
    codes.includes(cause.code)
  )
}
