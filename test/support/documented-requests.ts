import { htmlReply } from './stub-faults.ts'
import { errorReply } from './stub-replies.ts'
import type { Respond, StubRequest } from './stub-upstream.ts'

/** Members of a JSON body, with what each may hold. */
export type Members = Readonly<{ [name: string]: Kind | Members }>

type Kind = 'bytes' | 'date-time' | 'int64' | 'string'

/** A method of one of Google's services, as its discovery document has it. */
export interface DocumentedMethod {
  readonly verb: 'DELETE' | 'GET' | 'POST'
  /** `flatPath`, as it is on the wire. */
  readonly path: RegExp
  /** Names of query parameters. Credentials are documented there too, and not wanted there. */
  readonly query?: readonly string[]
  /** Of a JSON body; `media` for another one, and without it there must be none. */
  readonly body?: Members | 'media'
}

/**
 * How Google answers a request that none of these methods takes: 404 for another address or verb, 400 for what a method
 * does not know. Undefined for a request that one of them takes.
 */
export function notDocumented(
  request: StubRequest,
  methods: readonly DocumentedMethod[],
): Respond | undefined {
  const { body, headers } = request
  const method = methods.find(
    ({ verb, path }) => verb === request.method && path.test(request.path),
  )
  if (method === undefined) return htmlReply(404)
  const strange = [...request.query.keys()].filter((name) => !method.query?.includes(name))
  if (strange.length > 0)
    return refused(`Unknown name "${strange[0]}": Cannot bind query parameter.`)
  if (method.body === 'media') return undefined
  if (method.body === undefined) return body.length > 0 ? refused('No body is taken.') : undefined
  if (!/^application\/json(;|$)/.test(headers['content-type'] ?? ''))
    return refused('The body is not application/json.')
  const [problem] = problemsOf(json(body), method.body)
  return problem === undefined ? undefined : refused(problem)
}

/** What is wrong with a JSON value for an object of these members. */
export function problemsOf(value: unknown, members: Members, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${at} no object`]
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const wanted = members[name]
    const where = `${at}${name}`
    if (wanted === undefined) return [`Unknown name "${where}": Cannot find field.`]
    if (typeof wanted !== 'string') return problemsOf(member, wanted, `${where}.`)
    return typeof member === 'string' && KINDS[wanted].test(member)
      ? []
      : [`Invalid value at '${where}' (${wanted}).`]
  })
}

/** As JSON spells them. https://protobuf.dev/programming-guides/json/ */
const KINDS: Readonly<Record<Kind, RegExp>> = {
  bytes: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/,
  int64: /^-?\d{1,19}$/,
  string: /^/,
}

const refused = (message: string): Respond =>
  errorReply(400, 'badRequest', message, 'INVALID_ARGUMENT')

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
