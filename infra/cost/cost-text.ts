import { styleText } from 'node:util'

import type { CostLine } from './cost-lines.ts'
import { PRICES_AS_OF, type Prices } from './prices.ts'

const UNCOUNTED =
  'Not counted: what BigQuery bills for queries (slots or bytes), Artifact Registry and Cloud Build, monitoring, a load balancer with Cloud\nArmor, a VPC connector, searches in the console, exports. Free tiers and discounts are not taken off.'

/** The bill as people read it: a line for each item, a sum for each component, and where prices come from. Colours only on a terminal. */
export function costText(lines: readonly CostLine[], prices: Prices): string {
  const rows = lines.map((line) => {
    const { usd, per, unit, source } = prices[line.price]
    const price = `$${plain(usd)} / ${per === 1 ? unit : several(per, unit)}`
    return [`  ${line.item}`, count(line.amount), price, money(line.usd), source] as const
  })
  const head = ['', 'amount', 'price', 'USD', 'source'] as const
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const [name = 0, amount = 0, price = 0, usd = 0] = widths
  const text = (row: readonly [string, string, string, string, string]): string =>
    `${row[0].padEnd(name)}  ${row[1].padStart(amount)}  ${row[2].padEnd(price)}  ${row[3].padStart(usd)}  ${row[4]}`.trimEnd()
  const components = [...Map.groupBy(lines.entries(), ([, { component }]) => component)]
  const parts = components.flatMap(([component, of]) => {
    const sum = of.reduce((total, [, line]) => total + line.usd, 0)
    const title = text([component, '', '', money(sum), ''])
    return [
      styleText('bold', title),
      ...of.map(([index]) => {
        const row = rows[index]
        return row === undefined ? '' : text(row)
      }),
    ]
  })
  const total = lines.reduce((sum, line) => sum + line.usd, 0)
  return `${[
    styleText('dim', text(head)),
    ...parts,
    '',
    styleText('bold', text(['A month', '', '', money(total), ''])),
    '',
    `List prices of us-central1 as of ${PRICES_AS_OF}, in US dollars; hold them against their pages, or give your own with --prices.`,
    UNCOUNTED,
  ].join('\n')}\n`
}

function several(per: number, unit: string): string {
  const ending = unit === 'GiB' ? '' : unit.endsWith('s') ? 'es' : 's'
  return `${per.toLocaleString('en-US')} ${unit}${ending}`
}

function plain(usd: number): string {
  return usd.toFixed(10).replace(/(\.\d{2}\d*?)0+$/, '$1')
}

function money(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

function count(amount: number): string {
  const maximumFractionDigits = amount < 100 ? 2 : 0
  return amount.toLocaleString('en-US', { maximumFractionDigits })
}
