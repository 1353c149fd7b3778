import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** What is in a file, or why it cannot be read. */
export type Content = { readonly bytes: Buffer } | { readonly unreadable: string }

export interface FollowedFile {
  /**
   * Looks at the file if nobody has for some time: where the CPU is frozen between requests no timer
   * fires. Resolves after a second at the latest, and never rejects.
   */
  catchUp(): Promise<void>
  /** Ends it; `onContent` is not called again. */
  close(): void
}

export interface FollowOptions {
  /** How often the file is looked at; by default every 2 s. */
  readonly everyMs?: number
  /** How long a content must stay as it is before it counts; by default 200 ms. */
  readonly settleMs?: number
}

const PATIENCE_MS = 1_000

/**
 * Calls `onContent` with what is in the file, before it resolves, and with each other content later.
 * Contents are compared, not times: mounted secrets change by swapping a link.
 */
export async function followFile(
  file: string,
  onContent: (content: Content) => void,
  { everyMs = 2_000, settleMs = 200 }: FollowOptions = {},
): Promise<FollowedFile> {
  let known = ''
  let looking: Promise<void> | undefined
  let lookedAt = Date.now()
  let closed = false

  const take = (content: Content): void => {
    if (closed) return
    known = digestOf(content)
    onContent(content)
  }
  const look = async (): Promise<void> => {
    lookedAt = Date.now()
    const digest = digestOf(await read(file))
    if (digest === known) return
    // Half a file may parse, and lack what it denies: it counts when nobody is writing any more.
    await wait(settleMs, undefined, { ref: false })
    const content = await read(file)
    if (digestOf(content) === digest) take(content)
  }
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }

  take(await read(file))
  const timer = setInterval(() => void lookOnce(), everyMs).unref()
  return {
    catchUp: async () => {
      if (Math.abs(Date.now() - lookedAt) < 2 * everyMs) return
      await Promise.race([lookOnce(), wait(PATIENCE_MS, undefined, { ref: false })])
    },
    close: () => {
      closed = true
      clearInterval(timer)
    },
  }
}

async function read(file: string): Promise<Content> {
  try {
    return { bytes: await readFile(file) }
  } catch (cause) {
    return { unreadable: cause instanceof Error ? cause.message : `no such file \`${file}\`` }
  }
}

function digestOf(content: Content): string {
  return 'bytes' in content
    ? createHash('sha256').update(content.bytes).digest('hex')
    : content.unreadable
}
