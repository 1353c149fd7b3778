/**
 * What BigQuery asks for a TiB on demand, in US dollars, in most locations. A list price: discounts, free
 * quota and slots are not in it. https://cloud.google.com/bigquery/pricing#on-demand-compute-pricing
 */
export const LIST_PRICE_USD_PER_TIB = 6.25

const TIB = 2 ** 40
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** In binary units, as BigQuery's own console has them: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))
  const value = bytes / 2 ** (10 * power)
  return `${power === 0 ? value : rounded(value)} ${UNITS[power]}`
}

/** At the list price, rounded up to a cent. */
export function formatListPrice(bytes: number): string {
  const cents = Math.ceil((bytes / TIB) * LIST_PRICE_USD_PER_TIB * 100)
  return `USD ${(cents / 100).toFixed(2)}`
}

/** Three digits, and no zeros after the point that say nothing. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(Math.max(3, Math.trunc(value).toString().length))))
}
