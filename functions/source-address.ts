import { IncomingMessage } from 'node:http'

/**
 * Where a request comes from: the last address that a proxy we trust wrote down, or the socket's
 * when there is none in front. `env` is what the server gave to the app.
 */
export function sourceAddress(
  env: unknown,
  forwardedFor: string | undefined,
  hops: number,
): string | undefined {
  // Attacker-controlled: what stands before the addresses of our own proxies.
  if (hops > 0) return forwardedFor?.split(',').at(-hops)?.trim().slice(0, 64)
  const incoming =
    typeof env === 'object' && env !== null && 'incoming' in env ? env.incoming : undefined
  return incoming instanceof IncomingMessage ? incoming.socket.remoteAddress : undefined
}
