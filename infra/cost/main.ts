/** `npm run cost -- --queries 1000000`: what a month of Sluice costs on Google Cloud, by component. It asks nobody. */
import { readFileSync } from 'node:fs'

import { costLines } from './cost-lines.ts'
import { costText } from './cost-text.ts'
import { PRICES_AS_OF, listPrices } from './prices.ts'
import { readArguments } from './read-arguments.ts'
import { readPrices } from './read-prices.ts'
import { volumeOptions } from './volumes.ts'

const HELP = `npm run cost -- [options]

What a month of Sluice costs on Google Cloud, by component, with the price of each line and where Google publishes it.

${volumeOptions.map(({ flag, says, usual }) => helpOf(`--${flag} N`, says, usual)).join('\n')}
${helpOf('--tier 1|2', "Cloud Run's price tier of the region", 1)}
${helpOf('--prices FILE', 'JSON with prices of yours, as { "run-cpu": { "usd": 0.00002 } }')}
${helpOf('--json', 'one JSON document')}
${helpOf('--help', 'this')}

Exit codes: 0 done, 1 failed, 2 wrong usage.
`

process.exitCode = run(process.argv.slice(2))

function run(args: readonly string[]): number {
  const asked = readArguments(args)
  if ('problem' in asked) {
    process.stderr.write(`error: ${asked.problem}; see --help\n`)
    return 2
  }
  const { values, volumes } = asked
  if (values['help'] === true) {
    process.stdout.write(HELP)
    return 0
  }
  try {
    const file = values['prices']
    const prices = typeof file === 'string' ? readPrices(readFileSync(file, 'utf8')) : listPrices
    const lines = costLines(volumes, prices)
    const usd = lines.reduce((sum, line) => sum + line.usd, 0)
    const priced = lines.map((line) => ({ ...line, price: prices[line.price] }))
    const document = { volumes, pricesAsOf: PRICES_AS_OF, usd, lines: priced }
    process.stdout.write(
      values['json'] === true
        ? `${JSON.stringify(document, undefined, 2)}\n`
        : costText(lines, prices),
    )
    return 0
  } catch (cause) {
    process.stderr.write(`error: ${cause instanceof Error ? cause.message : String(cause)}\n`)
    return 1
  }
}

function helpOf(option: string, says: string, usual = Number.NaN): string {
  const ending = Number.isNaN(usual) ? '' : ` (default: ${usual})`
  return `  ${option.padEnd(24)} ${says}${ending}`
}
