import { OutgoingMessage } from 'node:http'

/** Destroys the connection of a request, given what the server says of it; without one it does nothing. */
export function breakOff(env: unknown): void {
  const outgoing =
    typeof env === 'object' && env !== null && 'outgoing' in env ? env.outgoing : undefined
  if (outgoing instanceof OutgoingMessage) outgoing.destroy()
}
