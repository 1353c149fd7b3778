import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage, type RequestListener } from 'node:http'

const CHANNEL = 'http.server.request.start'

/** What a client sent, by its request, while the framework sees something else. */
const sent = new WeakMap<IncomingMessage, Pick<IncomingMessage, 'headers' | 'url'>>()

/**
 * Keeps functions-framework from reading requests before the gateway does. It would read bodies of
 * up to a gigabyte before anybody is authenticated, and answer targets it cannot decode with a page
 * of HTML and a stack. Until `asSent`, it sees `/` and no body.
 *
 * Node publishes the channel before the framework hears of a request. A test fails when it stops
 * firing. Returns the way to switch it off.
 */
export function guardIngress(): () => void {
  subscribe(CHANNEL, hide)
  return () => {
    unsubscribe(CHANNEL, hide)
  }
}

/** A listener inside the framework that sees requests as clients sent them, their bodies unread. */
export function asSent(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { headers, url } = sent.get(request) ?? request
    Object.assign(request, { headers, url })
    return listener(request, response)
  }
}

function hide(message: unknown): void {
  if (typeof message !== 'object' || message === null || !('request' in message)) return
  const { request } = message
  if (!(request instanceof IncomingMessage)) return
  const { headers, url } = request
  sent.set(request, { headers, url })
  request.url = '/'
  // Without these there is no body (RFC 9112 §6.3), as far as the framework's parsers can tell.
  const seen = { ...headers }
  delete seen['content-length']
  delete seen['transfer-encoding']
  request.headers = seen
}
