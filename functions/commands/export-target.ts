import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { open, rename, rm } from 'node:fs/promises'

/** Where an export goes. Everything rejects when it cannot be written. */
export interface ExportTarget {
  write(bytes: Buffer): Promise<void>
  /** It is whole. */
  finish(): Promise<void>
  /** It is not, and never will be. */
  giveUp(): Promise<void>
}

/** A file that appears under its name when it is whole, for its owner alone; or standard output. */
export function exportTarget(file: string | undefined): Promise<ExportTarget> {
  return file === undefined ? Promise.resolve(standardOutput()) : newFile(file)
}

async function newFile(file: string): Promise<ExportTarget> {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`
  const handle = await open(part, 'wx', 0o600)
  return {
    write: (bytes) => handle.writeFile(bytes),
    async finish() {
      await handle.sync()
      await handle.close()
      await rename(part, file)
    },
    async giveUp() {
      await handle.close().catch(() => {})
      await rm(part, { force: true })
    },
  }
}

function standardOutput(): ExportTarget {
  const { stdout } = process
  const state: { failed: unknown } = { failed: undefined }
  const onError = (cause: unknown): void => {
    state.failed = cause
  }
  stdout.on('error', onError)
  const done = async (): Promise<void> => {
    stdout.off('error', onError)
  }
  return {
    async write(bytes) {
      if (!stdout.write(bytes)) await once(stdout, 'drain')
      if (state.failed !== undefined) throw new Error('nobody reads standard output any more')
    },
    finish: done,
    giveUp: done,
  }
}
