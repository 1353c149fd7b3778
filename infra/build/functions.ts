/**
 * `npm run build`: what is deployed of each function, in `dist/<function>/` and `dist/<function>.zip`; source maps apart, in
 * `dist/maps`. Two builds of the same sources are alike. `npm run build -- gateway slack` builds only these, and with `--no-zip`
 * no zips, which take most of the time and nobody needs who serves the folders.
 */
import { join } from 'node:path'

import { buildFunction } from './bundle/build-function.ts'
import { functionList } from './bundle/function-list.ts'

const dist = join(import.meta.dirname, '../../dist')

const args = process.argv.slice(2)
const asked = args.filter((arg) => !['--no-zip', '--help'].includes(arg))
const unknown = asked.filter((name) => !functionList.some((each) => each.name === name))
if (unknown.length > 0 || args.includes('--help')) {
  const names = functionList.map(({ name }) => name).join(', ')
  process.stdout.write(
    `npm run build [-- [--no-zip] FUNCTION…]\n\nFunctions: ${names} (default: all)\n`,
  )
  process.exit(unknown.length === 0 ? 0 : 2)
}
let isOverBudget = false
for (const each of functionList) {
  if (asked.length > 0 && !asked.includes(each.name)) continue
  // oxlint-disable-next-line no-await-in-loop -- each takes both cores
  const bytes = await buildFunction(each, dist, { zips: !args.includes('--no-zip') })
  if (bytes === undefined) continue
  const isOver = bytes > each.budgetBytes
  isOverBudget ||= isOver
  const size = `${mib(bytes)} of ${mib(each.budgetBytes)} MiB`
  process.stdout.write(`${each.name.padEnd(18)} ${size}${isOver ? '  over its budget' : ''}\n`)
}
if (isOverBudget) process.exit(1)

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
