import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A running server process. */
export interface Child {
  /** Its Unix socket, as a gRPC target. */
  readonly target: string
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Ends the process at once. Safe to call twice. */
  readonly kill: () => void
}

/**
 * A shell leaves a watcher behind and becomes the server. The watcher reads a pipe whose other end only
 * we hold: when we die, of anything at all, SIGKILL included, the pipe closes and the watcher kills the
 * group. While the watcher lives, the number `$$` of its group cannot be given to another process.
 */
const WATCHED = `exec 3<&0
(read -r _ <&3; /bin/rm -rf "$1"; kill -9 -$$) >/dev/null 2>&1 &
exec "$0" "unix:$1/s" 0 3<&- </dev/null`

/**
 * Starts `binary` and resolves when it listens; rejects when it does not within `timeoutMs`.
 *
 * It listens on a socket in a folder that only our user may enter: no port to collide on, and nothing
 * on loopback for another user, or for a forged server-side request, to reach. It gets no environment.
 */
export async function startChild(binary: string, timeoutMs: number): Promise<Child> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sql-'))
  const child = spawn('/bin/sh', ['-c', WATCHED, binary, folder], {
    cwd: folder,
    env: {},
    // A group of its own: Ctrl-C in a terminal is ours to act on, and `kill` reaches all of it.
    detached: true,
  })
  let killed = false
  const kill = (): void => {
    if (killed) return
    killed = true
    // Whoever ends it may wait for the end.
    child.ref()
    if (child.pid !== undefined) killGroup(child.pid)
    rmSync(folder, { recursive: true, force: true })
  }
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).then(kill)

  const failure = await listening(child, exited, timeoutMs)
  if (failure !== undefined) {
    kill()
    throw new Error(`GoogleSQL did not start: \`${failure}\``)
  }
  // It is no reason for our process to stay; but its output must not fill the pipe.
  child.unref()
  for (const stream of [child.stdin, child.stdout.resume(), child.stderr.resume()]) {
    if (stream instanceof Socket) stream.unref()
  }
  return { target: `unix:${folder}/s:0`, exited, kill }
}

/** Resolves with undefined once the server says that it listens, else with what it said instead. */
function listening(
  child: ChildProcessWithoutNullStreams,
  exited: Promise<void>,
  timeoutMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-2_000)
      if (said.includes('Server listening')) settle(undefined)
    }
    const settle = (failure: string | undefined): void => {
      clearTimeout(timer)
      child.stdout.off('data', hear)
      child.stderr.off('data', hear)
      resolve(failure)
    }
    const timer = setTimeout(() => settle(`silent for ${timeoutMs} ms: ${said}`), timeoutMs)
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    // Writing to a shell that is gone is not our concern; `exited` is.
    child.stdin.on('error', () => {})
    void exited.then(() => settle(`exited: ${said}`))
  })
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody left in the group.
  }
}
