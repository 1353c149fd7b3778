import type { Flow, FlowTree, Lineage, OutputColumn } from '../../../shared/analysis/lineage.ts'
import type { ColumnUse, WrittenColumn } from '../../../shared/analysis/lineage.ts'
import type { SqlType } from '../../../shared/bigquery/sql-type.ts'
import type { DerivedTag } from '../../../shared/policy/derived-tags.ts'
import type { TouchedColumns } from '../../../shared/policy/governed-columns.ts'
import { APPROVALS, SAMPLE } from './sample-policy.ts'

export const PATIENTS = 'acme.hospital.patients'
export const STRING: SqlType = { kind: 'STRING' }

/** The sample with data, and rules for analysts, clinicians and researchers. */
export const GOVERNED = `${SAMPLE.slice(0, SAMPLE.indexOf('rules:'))}data:
  - tables: acme.hospital.*
    columns: ssn
    tags: [identifier]
    mask: LAST_FOUR_CHARACTERS
  - { tables: acme.hospital.*, columns: [phone, '*email*'], tags: [identifier, contact], mask: SHA256 }
  - { tables: acme.hospital.patients, columns: address, tags: [address], mask: ALWAYS_NULL }
  - { tables: acme.hospital.patients, columns: visits.notes, tags: [free-text], mask: { detect: [EMAIL_ADDRESS] } }
  - { tables: acme.hospital.patients, columns: diagnosis, tags: [health] }
  - { tables: 'acme.*.staff', columns: '*', tags: [staff], mask: DEFAULT_MASKING_VALUE }
policyTags:
  projects/acme/locations/us/taxonomies/1/policyTags/2: { tags: [genome], mask: ALWAYS_NULL }
oracles:
  tags: { address: allow, staff: require-approval }
  approval: officers
${APPROVALS}rules:
  - id: analysts
    description: They read.
    effect: permit
    when: '"analysts" in principal.groups'
  - id: clinicians
    description: They see identifiers.
    effect: permit
    when: '"clinicians" in principal.groups'
    unmask: [identifier]
  - id: callers
    description: They see contacts.
    effect: permit
    when: '"callers" in principal.groups'
    unmask: [contact]
  - id: researchers
    description: They ask first.
    effect: require-approval
    approval: officers
    when: '"researchers" in principal.groups'
    unmask: [genome]
`

/** Columns of `patients`, with their flow. */
export function flow(sources: Readonly<Record<string, Flow>>, table = PATIENTS): FlowTree {
  return {
    sources: new Map(Object.entries(sources).map(([name, how]) => [`${table}.${name}`, how])),
  }
}

export function output(name: string, tree: FlowTree, type = STRING): OutputColumn {
  return { name, type, flow: tree }
}

/** What a statement does; `columns` are worked out. */
export function touching(about: {
  readonly outputs?: readonly OutputColumn[]
  readonly writes?: readonly WrittenColumn[]
  readonly uses?: readonly ColumnUse[]
  readonly policyTags?: TouchedColumns['policyTags']
  readonly derived?: readonly DerivedTag[]
}): TouchedColumns {
  const { outputs = [], writes = [], uses = [], policyTags = new Map(), derived = [] } = about
  const trees = [...outputs, ...writes].map((part) => part.flow)
  const columns = [...trees.flatMap(namesIn), ...uses.map(({ column }) => column)]
  const lineage: Lineage = {
    outputs,
    writes,
    uses,
    columns: [...new Set(columns)].toSorted(),
    routines: [],
    mayFail: false,
  }
  return { lineage, policyTags, derived }
}

/** `SELECT` of these columns of `patients` as they are. */
export const selecting = (...names: readonly string[]): TouchedColumns =>
  touching({ outputs: names.map((name) => output(name, flow({ [name]: 'copy' }))) })

function namesIn(tree: FlowTree): readonly string[] {
  const parts = [...(tree.fields ?? []), ...(tree.element === undefined ? [] : [tree.element])]
  return [...tree.sources.keys(), ...parts.flatMap(namesIn)]
}
