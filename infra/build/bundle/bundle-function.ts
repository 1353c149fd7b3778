import { dirname, join, relative } from 'node:path'

import { type Plugin, build } from 'esbuild'

import { leanPackages } from './lean-packages.ts'

const root = join(import.meta.dirname, '../../..')

/** CommonJS inside of an ES module wants these. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`

/**
 * Bundles `functions/<name>.ts` into `<folder>/function.js`, with chunks for what is loaded when it is needed. The framework stays
 * outside: a second copy would register functions that the first never finds. Returns the paths of the files written.
 */
export async function bundleFunction(name: string, folder: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { function: `functions/${name}.ts` },
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    // Names stay as they are: to put them back, each function would be given its name at every start.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'external',
    // Hashes of what is in them, so that two builds are alike.
    chunkNames: 'chunk-[hash]',
    legalComments: 'none',
    external: ['@google-cloud/functions-framework'],
    banner: { js: BANNER },
    plugins: [filesBesideTheBundle, leanPackages],
    metafile: true,
    logLevel: 'error',
  })
  return Object.keys(metafile.outputs).map((path) => join(root, path))
}

const REPLACED = [
  'shared/adapters/googlesql/package-files.ts',
  'shared/console/assets/assets-folder.ts',
]

/** Where sources look for files in packages, a bundle looks beside itself. */
const filesBesideTheBundle: Plugin = {
  name: 'files-beside-the-bundle',
  setup(bundling) {
    bundling.onResolve(
      { filter: /\/(?:package-files|assets-folder)\.ts$/ },
      ({ path, importer }) => {
        const source = relative(root, join(dirname(importer), path))
        return REPLACED.includes(source)
          ? { path: join(import.meta.dirname, 'deployed-files.ts') }
          : undefined
      },
    )
  },
}
