import { z } from 'zod'

import { type PriceId, type Prices, listPrices } from './prices.ts'

const given = z.record(
  z.string(),
  z.strictObject({
    usd: z.number().nonnegative(),
    per: z.number().positive().optional(),
    source: z.string().optional(),
  }),
)

/**
 * List prices with those in their place that a file names, as `{ "run-cpu": { "usd": 0.00002 } }`; `per` counts in units of the list
 * price. Throws, and says what is wrong, when it is no such file.
 */
export function readPrices(text: string): Prices {
  const prices = new Map<string, Prices[PriceId]>(Object.entries(listPrices))
  const parsed = given.safeParse(parseJson(text))
  if (!parsed.success)
    throw new Error(`the prices are not understood: ${z.prettifyError(parsed.error)}`)
  for (const [id, { usd, per, source }] of Object.entries(parsed.data)) {
    const listed = prices.get(id)
    if (listed === undefined) throw new Error(`there is no price \`${id}\``)
    prices.set(id, { ...listed, usd, per: per ?? listed.per, source: source ?? 'your own price' })
  }
  return { ...listPrices, ...Object.fromEntries(prices) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the prices are no JSON')
  }
}
