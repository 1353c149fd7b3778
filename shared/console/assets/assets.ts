import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

import { assetsFolder } from './assets-folder.ts'

/** A file that browsers get. */
export interface Asset {
  readonly type: string
  readonly body: string
}

/** In this order they make one stylesheet. */
const STYLES = [
  'colours',
  'base',
  'frame',
  'forms',
  'tables',
  'parts',
  'charts',
  'code',
  'search',
  'record',
  'evidence',
  'replay',
  'trace',
  'narrow',
]
const SCRIPTS = [
  'main',
  'times',
  'copy',
  'keys',
  'theme',
  'fold',
  'refresh',
  'playback',
  'time-left',
]

/** All there are, by name. Read once: what is deployed does not change while it runs. */
export const assets: ReadonlyMap<string, Asset> = new Map<string, Asset>([
  [
    'console.css',
    { type: 'text/css; charset=utf-8', body: STYLES.map((name) => read(`${name}.css`)).join('\n') },
  ],
  ['sluice.svg', { type: 'image/svg+xml', body: read('sluice.svg') }],
  ...SCRIPTS.map((name) => [`${name}.js`, script(name)] as const),
])

/** Changes with the content of any of them, so that browsers may keep each for ever. */
export const assetsHash = hashOf(assets)

/** Address of one of them. */
export function assetUrl(name: string): string {
  return `/console/assets/${assetsHash}/${name}`
}

/** A script for browsers: TypeScript without its types, importing others by the names they are served under. */
function script(name: string): Asset {
  const typed = read(`browser/${name}.ts`)
  const body = stripTypeScriptTypes(typed).replaceAll(/(from '\.\/[a-z-]+)\.ts'/g, "$1.js'")
  return { type: 'text/javascript; charset=utf-8', body }
}

function read(name: string): string {
  return readFileSync(join(assetsFolder, name), 'utf8')
}

function hashOf(all: ReadonlyMap<string, Asset>): string {
  const hash = createHash('sha256')
  for (const [name, { body }] of all) hash.update(`${name}\0${body}\0`)
  return hash.digest('base64url').slice(0, 16)
}
