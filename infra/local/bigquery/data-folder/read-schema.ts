import { readFileSync } from 'node:fs'

import { z } from 'zod'

import { type Column, scalarKind, type SqlType } from '../types/sql-type.ts'
import { DataProblem, lineOf } from './data-problem.ts'

interface Field {
  readonly name: string
  readonly type: string
  readonly mode?: string | undefined
  readonly description?: string | undefined
  readonly policyTags?: { readonly names: readonly string[] } | undefined
  readonly fields?: readonly Field[] | undefined
}

const field: z.ZodType<Field> = z.strictObject({
  name: z.string().regex(/^[\p{L}_][\p{L}\p{N}_]{0,299}$/u),
  type: z.string(),
  mode: z.string().optional(),
  description: z.string().optional(),
  policyTags: z.object({ names: z.array(z.string()) }).optional(),
  get fields() {
    return z.array(field).optional()
  },
})
const schema = z.union([z.array(field), z.object({ fields: z.array(field) })])

/** The columns in a schema file, the JSON that `bq mk` takes. Throws `DataProblem`. */
export function readSchema(file: string): readonly Column[] {
  const text = readFileSync(file, 'utf8')
  const parsed = schema.safeParse(parseJson(file, text))
  if (!parsed.success) throw new DataProblem(file, 1, shapeProblem(parsed.error))
  const fields = 'fields' in parsed.data ? parsed.data.fields : parsed.data
  return columnsOf(fields, (name, problem) => {
    const named = new RegExp(String.raw`"name"\s*:\s*"${name}"`)
    return new DataProblem(file, lineOf(text, named), problem)
  })
}

type Complain = (name: string, problem: string) => DataProblem

function columnsOf(fields: readonly Field[], complain: Complain): readonly Column[] {
  const names = fields.map(({ name }) => name.toLowerCase())
  const twice = fields.find(({ name }, index) => names.indexOf(name.toLowerCase()) < index)
  if (twice !== undefined) {
    throw complain(twice.name, `there are two fields \`${twice.name}\`; rename or remove one`)
  }
  return fields.map((each) => columnOf(each, complain))
}

function columnOf(given: Field, complain: Complain): Column {
  const { name, description, policyTags } = given
  const mode = given.mode?.toUpperCase() ?? 'NULLABLE'
  if (!['NULLABLE', 'REQUIRED', 'REPEATED'].includes(mode)) {
    throw complain(name, `unknown mode \`${given.mode}\`; write NULLABLE, REQUIRED or REPEATED`)
  }
  const isRecord = /^(?:RECORD|STRUCT)$/i.test(given.type)
  const fields = isRecord ? columnsOf(given.fields ?? [], complain) : undefined
  if (fields?.length === 0) throw complain(name, `the RECORD \`${name}\` needs \`fields\``)
  const type = fields === undefined ? scalarType(given, complain) : structType(fields)
  return {
    name,
    type: mode === 'REPEATED' ? { kind: 'ARRAY', element: type } : type,
    ...(mode === 'REQUIRED' && { required: true }),
    ...(description !== undefined && { description }),
    ...(policyTags !== undefined && { policyTags: policyTags.names }),
    ...(fields !== undefined && { fields }),
  }
}

function structType(fields: readonly Column[]): SqlType {
  return { kind: 'STRUCT', fields: fields.map(({ name, type }) => ({ name, type })) }
}

function scalarType({ name, type }: Field, complain: Complain): SqlType {
  const kind = scalarKind(type)
  if (kind === 'GEOGRAPHY') {
    throw complain(name, 'the local BigQuery has no GEOGRAPHY; use STRING, or leave the field out')
  }
  if (kind !== undefined) return { kind }
  throw complain(
    name,
    `unknown type \`${type}\` of field \`${name}\`; use one that \`bq mk\` knows`,
  )
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const said = String(cause)
    const line = Number(/line (\d+)/.exec(said)?.[1] ?? 1)
    throw new DataProblem(file, line, `not JSON, mend it: ${said}`)
  }
}

function shapeProblem(error: z.ZodError): string {
  return `not a schema as \`bq mk\` takes it, a list of fields with name, type and mode: ${z.prettifyError(error)}`
}
