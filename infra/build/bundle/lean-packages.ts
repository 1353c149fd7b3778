import { join } from 'node:path'

import type { Plugin } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

/** Of undici these two are used. Its index loads fetch, sockets, caches and stand-ins for tests too. */
const UNDICI = ['Pool', 'Client'].map(
  (name) => `export { default as ${name} } from "undici/lib/dispatcher/${name.toLowerCase()}.js"`,
)

/** Takes of packages what is used, where their entry takes everything: each cold start would load it. */
export const leanPackages: Plugin = {
  name: 'lean-packages',
  setup(bundling) {
    bundling.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'lean' }))
    // Messages of zod in fifty languages. English is imported by itself.
    bundling.onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      /\/zod\/v4\//.test(importer) ? { path: 'zod-locales', namespace: 'lean' } : undefined,
    )
    bundling.onLoad({ filter: /^/, namespace: 'lean' }, ({ path }) => ({
      contents: path === 'undici' ? UNDICI.join('\n') : 'export {}',
      resolveDir: root,
    }))
  },
}
