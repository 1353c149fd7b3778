import {
  Client,
  credentials,
  Metadata,
  type ServiceError,
  status,
  logVerbosity,
  setLogVerbosity,
} from '@grpc/grpc-js'

import { type Child, startChild } from './child.ts'
import { GoogleSqlError } from './googlesql-error.ts'
import { descriptorFile, googleSqlBinary } from './package-files.ts'
import { loadProtocol, type Method, type Protocol } from './protocol.ts'

export interface CallOptions {
  /** After this long the call fails with `DEADLINE_EXCEEDED`; by default 10 s. */
  readonly timeoutMs?: number
}

/** One GoogleSQL process. It dies with us, however we die. */
export interface GoogleSqlServer {
  /**
   * Calls a unary method of `ZetaSqlLocalService`. Messages are plain objects: proto field names,
   * enums by name, int64 as strings, bytes as Buffers; replies name each oneof's member under the
   * oneof's own name and leave out what is not set. Fields the protocol does not have are not sent.
   * Rejects with a `GoogleSqlError`; `UNAVAILABLE` when the process is gone.
   */
  readonly call: (
    method: string,
    request: object,
    options?: CallOptions,
  ) => Promise<Record<string, unknown>>
  /** As `call`, with the bytes of the reply. */
  readonly exchange: (method: string, request: object, options?: CallOptions) => Promise<Uint8Array>
  /** Ends the process at once; calls in flight fail. */
  readonly close: () => void
  /** Settles when the process has ended, crashed or closed. */
  readonly exited: Promise<void>
}

export interface GoogleSqlOptions {
  /** What `infra/build/googlesql-descriptor.ts` wrote. */
  readonly descriptor?: string
  /** The server's executable, by default the installed package's. */
  readonly binary?: string
  /** How long the process may take to listen; by default 10 s (it takes 15 ms). */
  readonly startTimeoutMs?: number
}

/**
 * Starts a server. Rejects with an `UNAVAILABLE` `GoogleSqlError` when the descriptor or the binary is
 * missing or does not run.
 */
export async function startGoogleSql(options: GoogleSqlOptions = {}): Promise<GoogleSqlServer> {
  try {
    const protocol = await loadProtocol(options.descriptor ?? descriptorFile)
    const binary = options.binary ?? googleSqlBinary()
    return connect(protocol, await startChild(binary, options.startTimeoutMs ?? 10_000))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new GoogleSqlError('UNAVAILABLE', message, { cause })
  }
}

function connect(protocol: Protocol, child: Child): GoogleSqlServer {
  // Told to by GRPC_TRACE it prints what GoogleSQL says of a statement, with the values that are in it.
  setLogVerbosity(logVerbosity.NONE)
  const client = new Client(child.target, credentials.createInsecure(), {
    // The environment's proxy is for the internet; a retry could run a crashing statement again.
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
  })
  let gone = false
  const disconnect = (): void => {
    gone = true
    client.close()
  }
  const exchange: GoogleSqlServer['exchange'] = async (name, request, options = {}) => {
    const method = protocol(name)
    if (gone) throw new GoogleSqlError('UNAVAILABLE', 'GoogleSQL has exited')
    return unary(client, method, method.encode(request), options.timeoutMs ?? 10_000)
  }
  return {
    exited: child.exited.then(disconnect),
    close: child.kill,
    exchange,
    call: async (name, request, options) =>
      decode(protocol(name), await exchange(name, request, options)),
  }
}

function unary(
  client: Client,
  method: Method,
  request: Buffer,
  timeoutMs: number,
): Promise<Buffer> {
  const deadline = new Date(performance.timeOrigin + performance.now() + timeoutMs)
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, reply?: Buffer): void => {
      if (error === null && reply !== undefined) resolve(reply)
      else reject(readError(error))
    }
    client.makeUnaryRequest(method.path, same, same, request, new Metadata(), { deadline }, done)
  })
}

const same = (bytes: Buffer): Buffer => bytes

function readError(error: ServiceError | null): GoogleSqlError {
  const details = error?.details ?? 'no reply'
  // An error message too long for an HTTP/2 header breaks the connection, and gRPC does not notice:
  // every later call on it fails the same way. To us that is a server that is gone.
  if (/RST_STREAM|session/i.test(details) && error?.code === status.INTERNAL) {
    return new GoogleSqlError('UNAVAILABLE', details)
  }
  return new GoogleSqlError(status[error?.code ?? status.INTERNAL] ?? 'INTERNAL', details)
}

function decode(method: Method, reply: Uint8Array): Record<string, unknown> {
  try {
    return method.decode(reply)
  } catch (cause) {
    // Nested deeper than protobufjs, or our stack, can follow.
    throw new GoogleSqlError('RESOURCE_EXHAUSTED', `unreadable reply: ${String(cause)}`)
  }
}
