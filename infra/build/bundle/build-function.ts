import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { builtFromFile, sourcesDigest } from './built-from.ts'
import { bundleFunction } from './bundle-function.ts'
import { copyAssets } from './copy-assets.ts'
import { writeEntryFiles } from './entry-files.ts'
import type { BuiltFunction } from './function-list.ts'
import { copyGoogleSql } from './googlesql-files.ts'
import { zipFolder } from './zip-folder.ts'

const root = join(import.meta.dirname, '../../..')

/**
 * Builds a function into `<dist>/<name>/`, its source maps into `<dist>/maps/<name>/`, and what is uploaded into `<dist>/<name>.zip`.
 * Nothing of an older build is left. Resolves with the bytes of the zip; with undefined where none is wanted.
 */
export async function buildFunction(
  { name, analyzes, hasPages }: BuiltFunction,
  dist: string,
  options: { readonly zips: boolean } = { zips: true },
): Promise<number | undefined> {
  const folder = join(dist, name)
  const maps = join(dist, 'maps', name)
  const zipFile = `${folder}.zip`
  const stamp = builtFromFile(dist, name)
  for (const old of [stamp, folder, maps, zipFile]) rmSync(old, { recursive: true, force: true })
  mkdirSync(maps, { recursive: true })
  // Taken first: what changes meanwhile is to be built again.
  const sources = sourcesDigest()
  const files = await bundleFunction(name, folder)
  for (const map of files.filter((file) => file.endsWith('.map')))
    renameSync(map, join(maps, basename(map)))
  if (analyzes) copyGoogleSql(folder)
  if (hasPages) copyAssets(folder)
  writeEntryFiles(root, name, folder)
  const zip = options.zips ? zipFolder(folder) : undefined
  if (zip !== undefined) writeFileSync(zipFile, zip)
  writeFileSync(stamp, `${sources}\n`)
  return zip?.length
}
