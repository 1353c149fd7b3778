import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { type Plugin, build } from 'esbuild'

const root = join(import.meta.dirname, '../..')

/** A program of tests in one file, and what deletes it. */
export interface BundledChild {
  readonly file: string
  stop(): Promise<void>
}

/**
 * Bundles `test/support/<name>.ts`, which tests start many times: Node then reads a few files instead of a thousand.
 * Rejects when it cannot be bundled.
 */
export async function bundleChild(name: string): Promise<BundledChild> {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${name}-`))
  const stop = async (): Promise<void> => rmSync(folder, { recursive: true, force: true })
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [`test/support/${name}.ts`],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'hono/jsx',
      banner: { js: REQUIRE },
      plugins: [whereSourcesAre],
      logLevel: 'error',
    })
  } catch (cause) {
    await stop()
    throw cause
  }
  return { file: join(folder, `${name}.mjs`), stop }
}

/** CommonJS inside of an ES module wants it. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`

/** Files beside a source are looked for where it is, and not beside the bundle. */
const whereSourcesAre: Plugin = {
  name: 'where-sources-are',
  setup(bundling) {
    bundling.onLoad({ filter: /\/(?:functions|shared|infra)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }))
  },
}
