/**
 * `npm run build`: what is deployed of each function, in `dist/<function>/` and `dist/<function>.zip`; source maps apart, in
 * `dist/maps`. Two builds of the same sources are alike. `npm run build -- gateway slack` builds only these.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { bundleFunction } from './bundle/bundle-function.ts'
import { copyAssets } from './bundle/copy-assets.ts'
import { writeEntryFiles } from './bundle/entry-files.ts'
import { type BuiltFunction, functionList } from './bundle/function-list.ts'
import { copyGoogleSql } from './bundle/googlesql-files.ts'
import { zipFolder } from './bundle/zip-folder.ts'

const root = join(import.meta.dirname, '../..')
const dist = join(root, 'dist')

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !functionList.some((each) => each.name === name))
if (unknown.length > 0 || asked.includes('--help')) {
  const names = functionList.map(({ name }) => name).join(', ')
  process.stdout.write(`npm run build [-- FUNCTION…]\n\nFunctions: ${names} (default: all)\n`)
  process.exit(asked.includes('--help') ? 0 : 2)
}
let isOverBudget = false
for (const each of functionList) {
  if (asked.length > 0 && !asked.includes(each.name)) continue
  // oxlint-disable-next-line no-await-in-loop -- each takes both cores
  const bytes = await built(each)
  const isOver = bytes > each.budgetBytes
  isOverBudget ||= isOver
  const size = `${mib(bytes)} of ${mib(each.budgetBytes)} MiB`
  process.stdout.write(`${each.name.padEnd(18)} ${size}${isOver ? '  over its budget' : ''}\n`)
}
if (isOverBudget) process.exit(1)

/** Builds one, and resolves with the bytes of its zip. */
async function built({ name, analyzes, hasPages }: BuiltFunction): Promise<number> {
  const folder = join(dist, name)
  const maps = join(dist, 'maps', name)
  for (const old of [folder, maps]) rmSync(old, { recursive: true, force: true })
  mkdirSync(maps, { recursive: true })
  const files = await bundleFunction(name, folder)
  for (const map of files.filter((file) => file.endsWith('.map')))
    renameSync(map, join(maps, basename(map)))
  if (analyzes) copyGoogleSql(folder)
  if (hasPages) copyAssets(folder)
  writeEntryFiles(root, name, folder)
  const zip = zipFolder(folder)
  writeFileSync(`${folder}.zip`, zip)
  return zip.length
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
