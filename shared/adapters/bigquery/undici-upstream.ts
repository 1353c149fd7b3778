import type { Upstream } from '../../upstream/upstream.ts'
import { bigQueryExchange, type ExchangeOptions } from './exchange.ts'

export type UndiciUpstreamOptions = ExchangeOptions

/** `Upstream` over an exchange of its own: it makes calls that were permitted and recorded, and no other. */
export function undiciUpstream(
  options: UndiciUpstreamOptions,
): Upstream & { readonly close: () => Promise<void> } {
  const { call, close } = bigQueryExchange(options)
  const upstream: Upstream = (recorded, limits) => {
    const { connection, call: asked, traced = { namespace: asked.projectId } } = recorded
    return call(connection, asked, limits, traced)
  }
  return Object.assign(upstream, { close })
}
