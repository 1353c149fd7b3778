import type { WebClient } from '@slack/web-api'

import type { Redacted } from '../secret-manager/redacted.ts'

export interface SlackOptions {
  /** The app's bot token. */
  readonly token: Redacted<string>
  /** A stand-in. Who controls it gets the token and everything that approvers are told. */
  readonly apiUrl?: URL | undefined
  /** For one request; default 4,000. */
  readonly timeoutMs?: number
}

/** Slack's own client, which logs nothing and tries nothing twice: whoever calls knows what may be. */
export async function connect({
  token,
  apiUrl,
  timeoutMs = 4000,
}: SlackOptions): Promise<WebClient> {
  // A CommonJS module: the bundler and Node agree on its `default` only.
  const { LogLevel, WebClient: Client } = (await import('@slack/web-api')).default
  return new Client(token.reveal(), {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.href }),
    timeout: timeoutMs,
    fetch: shortAnswers,
    retryConfig: { retries: 0 },
    // Its own way is to wait as long as Slack says, with everything else that is to be sent.
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // It would log arguments, which hold SQL, and replies.
    logger: {
      debug: silent,
      info: silent,
      warn: silent,
      error: silent,
      setLevel: silent,
      setName: silent,
      getLevel: () => LogLevel.ERROR,
    },
  })
}

/** Of a message with all its blocks, which Slack repeats; the client would read whatever comes. */
const MOST_BYTES = 1024 * 1024

/** `fetch`, but for answers that are longer than Slack's: half-way through them it fails. */
const shortAnswers: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  let length = 0
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        length += chunk.length
        if (length > MOST_BYTES) controller.error(new Error(`more than ${MOST_BYTES} bytes`))
        else controller.enqueue(chunk)
      },
    }),
  )
  return new Response(counted, response)
}

function silent(): void {}
