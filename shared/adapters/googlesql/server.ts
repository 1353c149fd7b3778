import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'

import { type Child, startChild } from './child.ts'
import { GoogleSqlError } from './googlesql-error.ts'
import { descriptorFile, googleSqlBinary } from './package-files.ts'
import { loadProtocol, type Protocol } from './protocol.ts'

/** One GoogleSQL process. It dies with us, however we die. */
export interface GoogleSqlServer {
  /**
   * Calls a unary method of `ZetaSqlLocalService`. Messages are plain objects: proto field names,
   * enums by name, int64 as strings, bytes as Buffers; replies name each oneof's member under the
   * oneof's own name and leave out what is not set. Fields the protocol does not have are not sent.
   * Rejects with a `GoogleSqlError`; `UNAVAILABLE` when the process is gone.
   */
  call(
    method: string,
    request: object,
    options?: { readonly timeoutMs?: number },
  ): Promise<Record<string, unknown>>
  /** Ends the process at once; calls in flight fail. */
  close(): void
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

/** Starts a server. Rejects when the descriptor or the binary is missing or does not run. */
export async function startGoogleSql(options: GoogleSqlOptions = {}): Promise<GoogleSqlServer> {
  const [protocol, child] = await Promise.all([
    loadProtocol(options.descriptor ?? descriptorFile),
    startChild(options.binary ?? googleSqlBinary(), options.startTimeoutMs ?? 10_000),
  ])
  return connect(protocol, child)
}

function connect(protocol: Protocol, child: Child): GoogleSqlServer {
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
  const exited = child.exited.then(disconnect)
  return {
    exited,
    close: child.kill,
    call: async (method, request, { timeoutMs = 10_000 } = {}) => {
      const { path, encode, decode } = protocol(method)
      if (gone) throw new GoogleSqlError('UNAVAILABLE', 'GoogleSQL has exited')
      const deadline = new Date(performance.timeOrigin + performance.now() + timeoutMs)
      return new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, reply?: Record<string, unknown>): void => {
          if (error === null && reply !== undefined) resolve(reply)
          else
            reject(
              new GoogleSqlError(status[error?.code ?? 13] ?? 'INTERNAL', error?.details ?? ''),
            )
        }
        client.makeUnaryRequest(path, encode, decode, request, new Metadata(), { deadline }, done)
      })
    },
  }
}
