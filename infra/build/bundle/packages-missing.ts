import { builtinModules } from 'node:module'

/** `debug` colours a terminal with it, and does without. */
const OPTIONAL = new Set(['supports-color'])

/**
 * Packages that a bundle loads, and that are not deployed with it: neither Node's own, nor among these dependencies, nor ones it can
 * do without. Here they would be found, as the repository has all of them.
 */
export function packagesMissing(
  { outputs }: Bundled,
  dependencies: readonly string[],
): readonly string[] {
  const there = new Set([...builtinModules, ...dependencies, ...OPTIONAL])
  const loaded = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external === true).map(({ path }) => path),
  )
  return [...new Set(loaded)].filter((path) => !path.startsWith('node:') && !there.has(path))
}

/** What esbuild tells of a bundle, as far as it matters here. */
interface Bundled {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }
    >
  >
}
