import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

import { type BuildOptions, type Plugin, build } from 'esbuild'

import { leanPackages } from './lean-packages.ts'
import { packagesMissing } from './packages-missing.ts'

const root = join(import.meta.dirname, '../../..')

/** CommonJS inside of an ES module wants these. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`

/**
 * Bundles `functions/<name>.ts` into `<folder>/function.js`, with chunks for what is loaded when it is needed. The framework stays
 * outside: a second copy would register functions that the first never finds. Returns the paths of the files written.
 * Throws when it would need a package that is not deployed.
 */
export async function bundleFunction(name: string, folder: string): Promise<readonly string[]> {
  // Names of chunks depend on the folder: the same wherever the files are written.
  const options = { ...bundleOptions(name, 'dist/function'), write: false } as const
  const { metafile, outputFiles } = await build(options)
  const missing = packagesMissing(metafile, DEPLOYED)
  if (missing.length > 0)
    throw new Error(`the bundle needs what is not deployed \`${missing.join('`, `')}\``)
  mkdirSync(folder, { recursive: true })
  return outputFiles.map(({ path, contents }) => {
    const file = join(folder, basename(path))
    writeFileSync(file, contents)
    return file
  })
}

/** How a function is bundled. */
export function bundleOptions(name: string, folder: string) {
  return {
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
    external: [...DEPLOYED],
    banner: { js: BANNER },
    plugins: [filesBesideTheBundle, leanPackages],
    metafile: true,
    logLevel: 'error',
  } as const satisfies BuildOptions
}

/** What `package.json` of a function names. */
const DEPLOYED = ['@google-cloud/functions-framework']

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
