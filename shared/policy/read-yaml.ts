import { LineCounter, parseDocument } from 'yaml'

import { nestsTooDeep } from './nests-too-deep.ts'
import type { Path } from './policy-problem.ts'
import { offsetInText } from './scalar-offset.ts'
import { type Finding, type Place, type Span, placeKey, readTree } from './yaml-tree.ts'

const MAX_BYTES = 1024 * 1024

/**
 * Control and format characters but line ends: what they do, a reader of the file cannot see. And
 * U+FFFD, which stands where the bytes were not UTF-8, so that the digest would not be the file's.
 */
const UNREADABLE = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\uFFFD]|(?![\t\n\r])\p{Cc}/gu

/** A YAML text as plain data that still knows where everything is written. */
export interface YamlFile {
  /** Objects, arrays and scalars; `undefined` when there is nothing to look at. */
  readonly value: unknown
  readonly findings: readonly Finding[]
  /** What ends after this offset may be an artefact of broken syntax. */
  readonly soundUntil: number
  /** What stands at `path`, if anything does. */
  at(path: Path): Place | undefined
  /** The span of what stands at `path`, or of the closest thing around where it should be. */
  spanOf(path: Path): Span
  /** Where the character at `offset` of the text value at `path` is written. */
  spanWithin(path: Path, offset: number): Span
  /** Line and column of an offset, both from 1. */
  positionOf(offset: number): { readonly line: number; readonly column: number }
}

/**
 * Reads the strict half of YAML 1.2: one document of at most 1 MiB, every key once, no aliases, tags
 * or directives, nothing invisible. What a reviewer reads is what there is.
 */
export function readYaml(text: string): YamlFile {
  if (Buffer.byteLength(text) > MAX_BYTES)
    return nothing(`the file is larger than ${MAX_BYTES} bytes`)
  if (nestsTooDeep(text)) return nothing(TOO_DEEP)

  const lines = new LineCounter()
  const positionOf: YamlFile['positionOf'] = (offset) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    // The library compares every key with every other: a megabyte of them would take minutes.
    uniqueKeys: false,
  })
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return nothing(TOO_DEEP)

  const findings: Finding[] = document.errors.map(({ code, message, pos: [start, end] }) => ({
    span: { start, end },
    path: [],
    message: `not valid YAML: ${code === 'MULTIPLE_DOCS' ? 'a policy is one document' : message}`,
  }))
  const soundUntil = Math.min(text.length, ...findings.map(({ span }) => span.start))
  for (const { index, 0: character } of text.matchAll(UNREADABLE)) {
    if (index === 0 && character === '\uFEFF') continue
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    const span = { start: index, end: index + 1 }
    findings.push({ span, path: [], message: `invisible or unreadable character: \`U+${code}\`` })
  }
  if (document.directives?.yaml.explicit === true)
    findings.push({ span: START, path: [], message: 'directives are not allowed' })
  if (document.contents === null) {
    if (findings.length === 0)
      findings.push({ span: START, path: [], message: 'the file is empty' })
    return { ...nothing(''), findings, positionOf }
  }

  const tree = readTree(document.contents, (offset) => positionOf(offset).line)
  const at = (path: Path): Place | undefined => tree.places.get(placeKey(path))
  const spanOf = (path: Path): Span =>
    at(path)?.span ?? (path.length === 0 ? START : spanOf(path.slice(0, -1)))
  return {
    value: tree.value,
    findings: [...findings, ...tree.findings],
    soundUntil,
    at,
    spanOf,
    spanWithin: (path, offset) => {
      const scalar = at(path)?.scalar
      const { start, end } = spanOf(path)
      return { start: scalar === undefined ? start : offsetInText(text, scalar, offset), end }
    },
    positionOf,
  }
}

const TOO_DEEP = 'the file nests too deep'

const START: Span = { start: 0, end: 0 }

function nothing(message: string): YamlFile {
  return {
    value: undefined,
    findings: [{ span: START, path: [], message }],
    soundUntil: 0,
    at: () => undefined,
    spanOf: () => START,
    spanWithin: () => START,
    positionOf: () => ({ line: 1, column: 1 }),
  }
}
