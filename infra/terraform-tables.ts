import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folders of `infra/terraform` that are modules with a README. */
export const terraformModules = [
  '.',
  ...['dashboard', 'edge', 'guard', 'perimeter'].map((name) => `modules/${name}`),
]

/**
 * What the README of a module in this folder says of its variables and outputs, in the words of the module: two tables in
 * Markdown, under their headings. Throws for something that has no description.
 */
export function terraformTables(folder: string): string {
  const inputs = blocksOf(folder, 'variable').map(({ name, description, body }) => {
    const type = /^ {2}type += (\w+(?:\(\w+\))?)/m.exec(body)?.[1] ?? 'any'
    const usual = /^ {2}default += (.*)$/m.exec(body)?.[1]
    return [
      `\`${name}\``,
      `\`${type}\``,
      usual === undefined ? 'required' : `\`${usual}\``,
      description,
    ]
  })
  const outputs = blocksOf(folder, 'output').map(({ name, description }) => [
    `\`${name}\``,
    description,
  ])
  return [
    '## Inputs',
    table(['name', 'type', 'default', ''], inputs),
    '## Outputs',
    table(['name', ''], outputs),
  ].join('\n\n')
}

interface Block {
  readonly name: string
  readonly description: string
  readonly body: string
}

function blocksOf(folder: string, kind: 'variable' | 'output'): readonly Block[] {
  const file = join(folder, `${kind}s.tf`)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const blocks = text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{\\n([^]*?)^\\}$`, 'gm'))
  return [...blocks].map(([, name = '', body = '']) => {
    const quoted = /^ {2}description = (".*")$/m.exec(body)?.[1]
    if (quoted === undefined) throw new Error(`no description of ${kind} \`${name}\` in ${file}`)
    return { name, description: String(JSON.parse(quoted)), body }
  })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(line).join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
