import { escape } from './visible-text.ts'

/** Strings, whose content is no name, and quoted identifiers. GoogleSQL's unquoted names are ASCII. */
const TOKENS =
  /"""(?:\\.|(?!""").)*"""|'''(?:\\.|(?!''').)*'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<name>`(?:\\.|[^`\\])*`)/gsu

/**
 * Names with letters or digits beyond ASCII, which may look like others, each of those spelled as an escape:
 * of `names`, and of the quoted identifiers in `sql` (canonical: there are no comments in it).
 */
export function oddNames(names: readonly string[], sql: string): readonly string[] {
  const quoted = [...sql.matchAll(TOKENS)].flatMap(({ groups }) => groups?.['name'] ?? [])
  const all = [...names, ...quoted.map((name) => name.slice(1, -1))]
  const odd = all.filter((name) => /[^\0-\x7F]/.test(name)).map((name) => spelled(name))
  return [...new Set(odd)]
}

function spelled(name: string): string {
  return name.replaceAll(/[^ -~]/gu, (character) => escape(character))
}
