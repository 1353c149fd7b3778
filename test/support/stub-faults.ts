import { gzipSync } from 'node:zlib'

import type { Respond } from './stub-upstream.ts'

/** Resets the connection with nothing answered. */
export const resetBeforeHeaders: Respond = (_request, response) => {
  response.socket?.resetAndDestroy()
}

/** Sends the status and headers of a 200, then resets. */
export const resetAfterHeaders: Respond = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.flushHeaders()
  setTimeout(() => response.socket?.resetAndDestroy(), 20)
}

/** Sends half of the body that `content-length` promises, then resets. */
export const resetMidBody: Respond = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.write(`{"kind":"${'x'.repeat(500)}`)
  setTimeout(() => response.socket?.resetAndDestroy(), 20)
}

/** Ends the connection in an orderly way, half-way through a body of known length. */
export const closeMidBody: Respond = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.write(`{"kind":"${'x'.repeat(500)}`)
  setTimeout(() => response.socket?.end(), 20)
}

/** Never answers. */
export const hang: Respond = () => {}

/** Bytes that are not HTTP. */
export const notHttp: Respond = (_request, response) => {
  response.socket?.end('\u0016\u0003\u0001 this is not HTTP\r\n\r\n')
}

/** A 200 that calls itself JSON and claims gzip, cut in the middle of the deflate stream. */
export const truncatedGzip: Respond = (_request, response) => {
  const whole = gzipSync(
    Buffer.from(JSON.stringify({ rows: Array.from({ length: 999 }, Math.random) })),
  )
  const half = whole.subarray(0, whole.length >> 1)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': half.length,
  })
  response.end(half)
}

/**
 * A small gzip body that inflates to `bytes`. Disguised, a second member (RFC 1952 §2.2) ends it, so
 * that the size in its last bytes is 1.
 */
export function gzipBomb(bytes: number, disguised = false): Respond {
  const end = disguised ? gzipSync(' ') : Buffer.alloc(0)
  const bomb = Buffer.concat([gzipSync(Buffer.alloc(bytes, ' ')), end])
  return (_request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': bomb.length,
    })
    response.end(bomb)
  }
}

/** A 200 whose body goes on for ever, without a length. */
export const endless: Respond = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(65_536, ' ')
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

/** One byte of body every `everyMs`, for ever: no single wait is long. */
export function slowLoris(everyMs: number): Respond {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{')
    const timer = setInterval(() => response.write(' '), everyMs)
    response.on('close', () => clearInterval(timer))
  }
}

/** A redirect to `location`. */
export function redirect(location: string, status = 302): Respond {
  return (_request, response) => {
    response.writeHead(status, { location, 'content-type': 'text/html' })
    response.end('<a href="elsewhere">moved</a>')
  }
}

/** A web page, as a proxy or load balancer sends one. */
export function htmlReply(status: number): Respond {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' })
    response.end('<!DOCTYPE html><title>Error</title>')
  }
}
