import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { SqlField, SqlType } from '../../../shared/bigquery/sql-type.ts'
import { planRow } from '../../../shared/masking/mask-plan.ts'
import { spliceRows } from '../../../shared/masking/splice-rows.ts'
import type { Mask, OutputMask } from '../../../shared/policy/mask.ts'

type Cell = { v: Value }
type Value = string | null | Cell[] | { f: Cell[] }

const context = {
  timestamps: 'number',
  tokenKey: Buffer.alloc(32),
  redact: (text: string) => text.replaceAll('x', '#'),
} as const

const leaf = fc.constantFrom<SqlType>({ kind: 'STRING' }, { kind: 'INT64' }, { kind: 'DATE' })

/** A type, a value of it, and where masks on it may go. */
const typed = fc.letrec<{ type: SqlType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: leaf },
    leaf.map((element): SqlType => ({ kind: 'ARRAY', element })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((types): SqlType => ({
      kind: 'STRUCT',
      fields: types.map((type, i) => ({ name: `n${i}`, type })),
    })),
    fc.array(tie('type'), { minLength: 1, maxLength: 2 }).map((types): SqlType => ({
      kind: 'ARRAY',
      element: { kind: 'STRUCT', fields: types.map((type, i) => ({ name: `n${i}`, type })) },
    })),
  ),
})).type

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"', '\\', 'x"x', '{}[],:', '\u2028', ''),
)

function valueOf(type: SqlType): fc.Arbitrary<Value> {
  if (type.kind === 'ARRAY')
    return fc.array(valueOf(type.element), { maxLength: 3 }).map((all) => all.map((v) => ({ v })))
  if (type.kind === 'STRUCT')
    return fc.option(
      fc
        .tuple(...type.fields.map((field) => valueOf(field.type)))
        .map((all) => ({ f: all.map((v) => ({ v })) })),
    )
  return fc.option(text)
}

const masksOf = (columns: readonly SqlField[]): fc.Arbitrary<OutputMask[]> => {
  const paths: number[][] = []
  const collect = (type: SqlType, path: number[]): void => {
    paths.push(path)
    const inner = type.kind === 'ARRAY' ? type.element : type
    if (inner.kind === 'STRUCT')
      inner.fields.forEach((field, i) => collect(field.type, [...path, i]))
  }
  columns.forEach(({ type }, i) => collect(type, [i]))
  const mask = fc.constantFrom<Mask>(
    { kind: 'expression', expression: 'ALWAYS_NULL' },
    { kind: 'expression', expression: 'DEFAULT_MASKING_VALUE' },
    { kind: 'expression', expression: 'LAST_FOUR_CHARACTERS' },
    { kind: 'expression', expression: 'SHA256' },
    { kind: 'detect', infoTypes: ['EMAIL_ADDRESS'] },
    { kind: 'small-count', below: 3 },
  )
  // One mask for a path, and none inside what is masked whole: as policy makes them.
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...paths), mask), {
      maxLength: 3,
      comparator: ([a], [b]) => a.every((n, i) => b[i] === undefined || b[i] === n),
    })
    .map((all) => all.map(([path, each]) => ({ path, name: '', mask: each, columns: [] })))
}

const samples = fc
  .array(typed, { minLength: 1, maxLength: 4 })
  .map((types) => types.map((type, i) => ({ name: `c${i}`, type })))
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      masks: masksOf(columns),
      rows: fc.array(fc.tuple(...columns.map(({ type }) => valueOf(type))), { maxLength: 4 }),
      indent: fc.constantFrom(undefined, 1, '\t'),
    }),
  )

/** The same by parsing: the value at `path` is replaced by what the plan of a one-column row makes of it. */
function byParsing(
  columns: readonly SqlField[],
  masks: readonly OutputMask[],
  rows: readonly Value[][],
): unknown {
  const apply = (value: Value, type: SqlType, path: readonly number[], mask: OutputMask): Value => {
    const [position, ...rest] = path
    if (position === undefined) {
      const plan = planRow([{ name: 'c', type }], [{ ...mask, path: [0] }], context)?.[0]
      if (plan?.kind === 'constant') return JSON.parse(plan.json.toString())
      if (plan?.kind === 'cell' && (value === null || typeof value === 'string'))
        return plan.mask(value)
      throw new Error('another plan')
    }
    if (value === null) return null
    if (type.kind === 'ARRAY' && Array.isArray(value))
      return value.map(({ v }) => ({ v: apply(v, type.element, path, mask) }))
    if (type.kind === 'STRUCT' && typeof value === 'object' && 'f' in value)
      return {
        f: value.f.map(({ v }, i) => {
          const field = type.fields[i]
          return { v: i === position && field !== undefined ? apply(v, field.type, rest, mask) : v }
        }),
      }
    throw new Error('another shape')
  }
  return rows.map((row) => {
    const whole: SqlType = { kind: 'STRUCT', fields: columns }
    return masks.reduce<Value>((value, mask) => apply(value, whole, mask.path, mask), {
      f: row.map((v) => ({ v })),
    })
  })
}

/** A mask of small counts or a text is for scalars; on anything else it fits no plan. */
const fits = (columns: readonly SqlField[], { path, mask }: OutputMask): boolean => {
  let type: SqlType = { kind: 'STRUCT', fields: columns }
  for (const position of path) {
    if (type.kind === 'ARRAY') type = type.element
    if (type.kind !== 'STRUCT') return false
    type = type.fields[position]?.type ?? { kind: 'STRING' }
  }
  return mask.kind !== 'small-count' || (type.kind !== 'ARRAY' && type.kind !== 'STRUCT')
}

test('spliced in its bytes, a reply is what parsing, masking and serialising make of it', () => {
  fc.assert(
    fc.property(samples, ({ columns, masks, rows, indent }) => {
      fc.pre(masks.every((mask) => fits(columns, mask)))
      const plans = planRow(columns, masks, context)
      if (plans === undefined) throw new Error('no plan')
      const wire = rows.map((row) => ({ f: row.map((v) => ({ v })) }))
      const bytes = Buffer.from(JSON.stringify(wire, undefined, indent))
      const spliced = spliceRows(bytes, plans)
      if (!spliced.ok) throw new Error('refused')
      expect(JSON.parse(spliced.value.toString())).toEqual(byParsing(columns, masks, rows))
      // Without masks not a byte is another.
      if (masks.length === 0) expect(spliced.value.equals(bytes)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

describe('rows of another shape do not leave', () => {
  const plans = planRow(
    [
      { name: 'a', type: { kind: 'STRING' } },
      { name: 'b', type: { kind: 'STRING' } },
    ],
    [{ path: [1], name: 'b', mask: { kind: 'expression', expression: 'SHA256' }, columns: [] }],
    context,
  )
  test.each([
    '[{"f":[{"v":"1"}]}]',
    '[{"f":[{"v":"1"},{"v":"2"},{"v":"3"}]}]',
    '[{"f":[{"v":"1"},{"v":2}]}]',
    '[{"f":[{"v":"1"},{"v":true}]}]',
    '[{"f":[{"v":"1"},{"v":["2"]}]}]',
    '[{"f":[{"v":"1"},{"v":{"f":[]}}]}]',
    '[{"f":[{"v":1},{"v":"2"}]}]',
    '[{"f":[{"v":"1"},{"v":"2","w":"3"}]}]',
    '[{"f":[{"v":"1"},{"w":"2"}]}]',
    '[{"f":[{"v":"1"},{"\\u0076":"2"}]}]',
    '[{"f":[{"v":"1"},{"v":"2"}],"g":1}]',
    '[{"g":[{"v":"1"},{"v":"2"}]}]',
    '[[{"v":"1"},{"v":"2"}]]',
    '[{"f":[{"v":"1"},{"v":"2"}]}',
    '[{"f":[{"v":"1"},{"v":"2',
    '[{"f":[{"v":"1"},{"v":"\\x"}]}]',
    '[{"f":[{"v":"1"},{"v":"2"}]},]',
    '[{"f":[{"v":"1"},{"v":"2"}]}] x',
    '{"f":[{"v":"1"},{"v":"2"}]}',
    'null',
    '',
  ])('%s', (rows) => {
    expect(spliceRows(Buffer.from(rows), plans ?? [])).toEqual({
      ok: false,
      error: 'unexpected-shape',
    })
  })

  test('a mask that fits no column makes no plan', () => {
    const mask = { kind: 'expression', expression: 'SHA256' } as const
    const columns: SqlField[] = [{ name: 'a', type: { kind: 'STRING' } }]
    for (const path of [[], [1], [0, 0]])
      expect(planRow(columns, [{ path, name: '', mask, columns: [] }], context)).toBeUndefined()
  })
})
