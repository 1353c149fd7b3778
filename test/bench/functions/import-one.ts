/** Imports its argument, tells its parent what that took, and ends. */
import { registerHooks } from 'node:module'
import { join } from 'node:path'

import type { Imported } from '../import-times.ts'

const root = join(import.meta.dirname, '../../..')
const [, , what = ''] = process.argv
const packages = new Set<string>()
registerHooks({
  resolve: (specifier, context, next) => {
    const ours = context.parentURL?.includes('/node_modules/') === false
    const theirs = !/^(?:node:|\.|file:|\/)/.test(specifier) || specifier === 'node:sqlite'
    if (ours && theirs) packages.add(specifier)
    return next(specifier, context)
  },
})
const startedAt = performance.now()
const before = process.cpuUsage()
await import(what.endsWith('.ts') ? join(root, what) : what)
const { user, system } = process.cpuUsage(before)
const imported: Imported = {
  ms: performance.now() - startedAt,
  cpuMs: (user + system) / 1000,
  packages: [...packages].filter((name) => name !== what),
}
process.send?.(imported, () => process.exit())
