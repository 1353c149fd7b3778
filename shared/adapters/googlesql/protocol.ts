import { readFile } from 'node:fs/promises'

import protobuf from 'protobufjs/light.js'

import { GoogleSqlError } from './googlesql-error.ts'
import { type Messages, lazyMessages } from './messages.ts'

const SERVICE = 'zetasql.local_service.ZetaSqlLocalService'

// protobufjs refuses more than 100 nested messages, which is a sum of 25 terms.
protobuf.util.recursionLimit = 10_000
protobuf.Reader.recursionLimit = 10_000

/** One method: where it is, and how its messages become bytes and back. */
export interface Method {
  readonly path: string
  readonly encode: (request: object) => Buffer
  /** A member of many requests, converted once: encoding it then takes a tenth of the time. */
  readonly convert: (member: string, value: object) => object
  readonly decode: (reply: Uint8Array) => Record<string, unknown>
  readonly replyType: protobuf.Type
}

/** Finds a unary method by its name; throws when GoogleSQL has none of that name. */
export type Protocol = (name: string) => Method

const loaded = new Map<string, Promise<Protocol>>()

/**
 * The protocol in the descriptor at `path`, read once per process.
 * Rejects, naming the remedy, when the file is not there.
 */
export function loadProtocol(path: string): Promise<Protocol> {
  const known = loaded.get(path)
  if (known !== undefined) return known
  const protocol = readProtocol(path)
  loaded.set(path, protocol)
  // A failure is not remembered: the file may have been written since.
  protocol.catch(() => loaded.delete(path))
  return protocol
}

async function readProtocol(path: string): Promise<Protocol> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`no GoogleSQL descriptor, run \`npm run prepare\`: looked at \`${path}\``, {
      cause,
    })
  })
  const messages = lazyMessages(JSON.parse(text))
  const service = messages.methods(SERVICE)
  if (service.size === 0) throw new Error(`no ${SERVICE} in \`${path}\``)
  const methods = new Map<string, Method>()
  return (name) => {
    const method = methods.get(name) ?? unaryMethod(messages, service.get(name), name)
    methods.set(name, method)
    return method
  }
}

function unaryMethod(
  messages: Messages,
  method: protobuf.IMethod | undefined,
  name: string,
): Method {
  if (method === undefined || method.requestStream === true || method.responseStream === true)
    throw new GoogleSqlError('UNIMPLEMENTED', `GoogleSQL has no unary method \`${name}\``)
  const request = messages.message(method.requestType, SERVICE)
  const reply = messages.message(method.responseType, SERVICE)
  return {
    path: `/${SERVICE}/${name}`,
    replyType: reply,
    convert: (member, value) => {
      const type = Object.values(request.fieldsById)
        .find(({ name: each }) => each === member)
        ?.resolve().resolvedType
      if (!(type instanceof protobuf.Type))
        throw new TypeError(`no message \`${member}\` in ${name}`)
      return type.fromObject({ ...value })
    },
    encode: (message) => Buffer.from(request.encode(request.fromObject({ ...message })).finish()),
    decode: (bytes) =>
      reply.toObject(reply.decode(bytes), {
        longs: String,
        enums: String,
        bytes: Buffer,
        // Only what was set, and for each oneof its tag: `{ node: 'x', x: … }`.
        defaults: false,
        oneofs: true,
      }),
  }
}
