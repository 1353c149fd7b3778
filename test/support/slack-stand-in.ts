import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

import { blockProblems, viewProblems } from './block-kit-limits.ts'
import {
  APP,
  TEAM,
  payloadBody,
  pressPayload,
  signedRequest,
  submitPayload,
} from './slack-payloads.ts'
import { type Respond, type StubRequest, startStubUpstream } from './stub-upstream.ts'

export const BOT_TOKEN = 'xoxb-stand-in'

type Fields = Record<string, unknown>

export interface PostedMessage {
  readonly channel: string
  readonly ts: string
  text: string
  blocks: readonly Fields[]
  updates: number
}

/** What Slack answered, in the order in which it was asked. */
interface Asked {
  readonly method: string
  readonly args: Readonly<Record<string, string>>
  readonly error: string | undefined
}

export interface SlackStandIn {
  readonly apiUrl: URL
  readonly messages: PostedMessage[]
  readonly whispers: { readonly channel: string; readonly user: string; readonly text: string }[]
  /** Forms that are open. */
  readonly views: { readonly id: string; readonly view: Fields; readonly user: string }[]
  readonly asked: Asked[]
  /** Channels the app is in: id by name. */
  readonly channels: Map<string, string>
  /** As `users.info` shows them, by id; what is left out is as of a full member. */
  readonly users: Map<string, Fields>
  /** The next calls of the method are answered so. */
  failNext(
    method: string,
    answer: { status?: number; error?: string; retryAfter?: number; times?: number },
  ): void
  /** Every request, whoever sent it and whatever became of it. */
  readonly requests: readonly StubRequest[]
  /** Answers with this from now on; without it, as Slack does. */
  fail(respond?: Respond): void
  /** What Slack sends when somebody presses a button of a message, changed by `change`. */
  press(
    action: string,
    by: { readonly user: string; readonly message?: PostedMessage; readonly now?: number },
    change?: (payload: Fields) => Fields,
  ): Request
  /** What Slack sends when somebody submits the form that was opened last. */
  submit(
    values: Readonly<Record<string, Readonly<Record<string, string>>>>,
    by: { readonly user: string; readonly now?: number },
    change?: (payload: Fields) => Fields,
  ): Request
  close(): Promise<void>
}

/**
 * Slack's Web API as far as Sluice asks it: it wants what the real one documents as required, knows the same errors,
 * and keeps what was posted. `responseUrl` is what its payloads say.
 */
export async function startSlackStandIn({
  responseUrl = 'https://hooks.slack.com/actions/T0ACME/1/never-called',
  triggerLastsMs = 3000,
}: {
  readonly responseUrl?: string
  readonly triggerLastsMs?: number
} = {}): Promise<SlackStandIn> {
  const messages: PostedMessage[] = []
  const whispers: { channel: string; user: string; text: string }[] = []
  const views: { id: string; view: Fields; user: string }[] = []
  const asked: Asked[] = []
  const channels = new Map([
    ['privacy-office', 'C0PRIVACY'],
    ['security', 'C0SECURITY'],
  ])
  const users = new Map<string, Fields>()
  const triggers = new Map<string, { user: string; expiresAt: number; used: boolean }>()
  const faults: {
    method: string
    status?: number
    error?: string
    retryAfter?: number
    times: number
  }[] = []
  let count = 0

  const channelOf = (name = '') => {
    const plain = name.replace(/^#/, '')
    return [...channels].find(([each, id]) => each === plain || id === plain)?.[1]
  }
  const nextTs = () => `${1_795_246_000 + (count += 1)}.${String(100 + count).padStart(6, '0')}`
  const blocksOf = (args: Readonly<Record<string, string>>): readonly Fields[] | undefined => {
    try {
      const blocks: readonly Fields[] = JSON.parse(args['blocks'] ?? '')
      return blockProblems(blocks).length === 0 ? blocks : undefined
    } catch {
      return undefined
    }
  }

  const methods: Record<string, (args: Readonly<Record<string, string>>) => Fields | string> = {
    'chat.postMessage': (args) => {
      const channel = channelOf(args['channel'])
      if (channel === undefined) return 'channel_not_found'
      const blocks = blocksOf(args)
      if (blocks === undefined) return 'invalid_blocks'
      if (!args['text']) return 'no_text'
      if (args['text'].length > 40_000) return 'msg_too_long'
      const message = { channel, ts: nextTs(), text: args['text'], blocks, updates: 0 }
      messages.push(message)
      return {
        channel,
        ts: message.ts,
        message: { text: message.text, bot_id: 'B0SLUICE', blocks },
      }
    },
    'chat.update': (args) => {
      // Unlike posting, it takes ids of channels only.
      if (![...channels.values()].includes(args['channel'] ?? '')) return 'channel_not_found'
      const found = messages.find(
        ({ channel, ts }) => channel === args['channel'] && ts === args['ts'],
      )
      if (found === undefined) return 'message_not_found'
      const blocks = blocksOf(args)
      if (blocks === undefined) return 'invalid_blocks'
      Object.assign(found, { text: args['text'], blocks, updates: found.updates + 1 })
      return { channel: found.channel, ts: found.ts, text: found.text }
    },
    'chat.postEphemeral': (args) => {
      const channel = channelOf(args['channel'])
      if (channel === undefined) return 'channel_not_found'
      if (!args['user']) return 'invalid_arguments'
      if (!args['text']) return 'no_text'
      whispers.push({ channel, user: args['user'], text: args['text'] })
      return { message_ts: nextTs() }
    },
    'views.open': (args) => {
      const trigger = triggers.get(args['trigger_id'] ?? '')
      if (trigger === undefined) return 'invalid_trigger_id'
      if (trigger.used) return 'exchanged_trigger_id'
      if (performance.now() > trigger.expiresAt) return 'expired_trigger_id'
      let view: Fields
      try {
        view = JSON.parse(args['view'] ?? '')
      } catch {
        return 'invalid_arguments'
      }
      if (viewProblems(view).length > 0) return 'invalid_arguments'
      trigger.used = true
      const id = `V0${(count += 1)}`
      views.push({ id, view, user: trigger.user })
      return { view: { ...view, id, team_id: TEAM, app_id: APP } }
    },
    'users.info': (args) => {
      const user = users.get(args['user'] ?? '')
      return user === undefined ? 'user_not_found' : { user: memberOf(args['user'] ?? '', user) }
    },
  }

  function serve(request: StubRequest, response: ServerResponse): void {
    const method = request.path.replace('/api/', '')
    const args = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
    const reply = (status: number, body: Fields, headers: Record<string, string> = {}) => {
      asked.push({ method, args, error: body['ok'] === true ? undefined : String(body['error']) })
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      response.end(JSON.stringify(body))
    }
    const refuse = (error: string) => reply(200, { ok: false, error })

    const fault = faults.find((each) => each.method === method && each.times > 0)
    if (fault !== undefined) {
      fault.times -= 1
      if (fault.retryAfter !== undefined)
        return reply(
          429,
          { ok: false, error: 'ratelimited' },
          { 'retry-after': String(fault.retryAfter) },
        )
      return reply(fault.status ?? 200, { ok: false, error: fault.error ?? 'fatal_error' })
    }
    if (request.method !== 'POST') return refuse('invalid_post_type')
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded')
      return refuse('invalid_post_type')
    if (request.headers.authorization === undefined) return refuse('not_authed')
    if (request.headers.authorization !== `Bearer ${BOT_TOKEN}`) return refuse('invalid_auth')
    if (request.query.size > 0) return refuse('invalid_arguments')
    // Slack would not mind, and would not heed them either.
    if (Object.keys(args).some((name) => !ARGUMENTS[method]?.includes(name)))
      return refuse(method in ARGUMENTS ? 'invalid_arguments' : 'unknown_method')
    const result = methods[method]?.(args) ?? 'unknown_method'
    return typeof result === 'string' ? refuse(result) : reply(200, { ok: true, ...result })
  }

  function newTrigger(user: string): string {
    const id = `${(count += 1)}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`
    triggers.set(id, { user, expiresAt: performance.now() + triggerLastsMs, used: false })
    return id
  }

  let instead: Respond | undefined
  const server = await startStubUpstream((request, response) =>
    (instead ?? serve)(request, response),
  )

  return {
    apiUrl: new URL('/api/', server.url),
    requests: server.requests,
    fail: (respond) => {
      instead = respond
    },
    messages,
    whispers,
    views,
    asked,
    channels,
    users,
    failNext: (method, { times = 1, ...answer }) => void faults.push({ method, times, ...answer }),
    press: (action, { user, message = messages.at(-1), now = Date.now() }, change = same) => {
      if (message === undefined) throw new Error('no message to press a button of')
      const actionTs = `${Math.floor(now / 1000)}.${String((count += 1)).padStart(6, '0')}`
      const what = { user, triggerId: newTrigger(user), actionTs, responseUrl }
      return signedRequest(payloadBody(change(pressPayload(message, action, what))), now)
    },
    submit: (values, { user, now = Date.now() }, change = same) => {
      const open = views.at(-1)
      if (open === undefined) throw new Error('no form is open')
      const payload = submitPayload(open, values, { user, triggerId: newTrigger(user) })
      return signedRequest(payloadBody(change(payload)), now)
    },
    close: () => server.close(),
  }
}

const same = (payload: Fields): Fields => payload

/** What each method takes, of what Sluice could say. https://docs.slack.dev/reference/methods */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': [
    'channel',
    'text',
    'blocks',
    'parse',
    'link_names',
    'mrkdwn',
    'thread_ts',
    'unfurl_links',
    'unfurl_media',
  ],
  'chat.update': ['channel', 'ts', 'text', 'blocks', 'parse', 'link_names'],
  'chat.postEphemeral': ['channel', 'user', 'text', 'blocks', 'parse', 'link_names', 'thread_ts'],
  'views.open': ['trigger_id', 'view'],
  'users.info': ['user', 'include_locale'],
}

/** https://docs.slack.dev/reference/objects/user-object */
function memberOf(id: string, { profile, ...fields }: Fields): Fields {
  return {
    id,
    team_id: TEAM,
    name: id.toLowerCase(),
    deleted: false,
    profile: { real_name: id, ...(profile as Fields | undefined) },
    is_admin: false,
    is_bot: false,
    is_app_user: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_email_confirmed: true,
    updated: 1_795_000_000,
    ...fields,
  }
}
