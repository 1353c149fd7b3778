import { Environment } from '@marcbachmann/cel-js'

import { matchesName, matchesNameInAnyCase } from './glob.ts'
import type { Asked } from './policy.ts'

const TIMESTAMP = 'google.protobuf.Timestamp'

/** The variables of conditions, their fields and CEL types. The documentation lists these. */
export const conditionVariables = {
  principal: {
    issuer: 'string',
    sub: 'string',
    groups: 'list<string>',
    client: 'string',
    claims: 'map<string, string>',
  },
  query: {
    statementType: 'string',
    tables: 'list<string>',
    targets: 'list<string>',
    projects: 'list<string>',
    parameters: 'list<string>',
    dryRun: 'bool',
    routines: 'list<string>',
    columns: 'list<string>',
    filterColumns: 'list<string>',
    tags: 'list<string>',
    estimatedBytes: 'double',
    justification: 'string',
  },
  request: { time: TIMESTAMP, sourceAddress: 'string', session: 'string' },
} as const satisfies { [V in keyof Asked]: Record<keyof Asked[V], string> }

/** How much one condition may hold; policy is read by people, and evaluated on every call. */
export const conditionLimits = { characters: 4096, nodes: 500, depth: 24, loops: 2 } as const

/** What `glob` is compiled to where names that differ in case count as one; policy cannot write it. */
export const GLOB_IN_ANY_CASE = 'globInAnyCase'

/** CEL with the variables of conditions and `string.glob(pattern)`; nothing else is declared. */
export function conditionEnvironment(): Environment {
  const { principal, query, request } = conditionVariables
  return new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: conditionLimits.nodes, maxDepth: conditionLimits.depth },
  })
    .registerType('Principal', { ctor: PrincipalVariable, fields: principal })
    .registerType('Query', { ctor: QueryVariable, fields: query })
    .registerType('Request', { ctor: RequestVariable, fields: request })
    .registerVariable('principal', 'Principal')
    .registerVariable('query', 'Query')
    .registerVariable('request', 'Request')
    .registerFunction('string.glob(string): bool', matchesName, { async: false })
    .registerFunction(`string.${GLOB_IN_ANY_CASE}(string): bool`, matchesNameInAnyCase, {
      async: false,
    })
}

/** Values of the three variables. The same object for the same question: many rules ask about it. */
export function contextOf(asked: Asked): Context {
  const known = contexts.get(asked)
  if (known !== undefined) return known
  const context: Context = {
    principal: new PrincipalVariable(asked.principal),
    query: new QueryVariable(asked.query),
    request: new RequestVariable(asked.request),
  }
  contexts.set(asked, context)
  return context
}

interface Context extends Record<string, unknown> {
  readonly principal: PrincipalVariable
  readonly query: QueryVariable
  readonly request: RequestVariable
}

const contexts = new WeakMap<Asked, Context>()

// CEL knows a value's declared type by its class.
class PrincipalVariable implements Variable<'principal'> {
  readonly issuer: string
  readonly sub: string
  readonly groups: readonly string[]
  readonly client: string
  readonly claims: Readonly<Record<string, string>>

  constructor(principal: Asked['principal']) {
    this.issuer = principal.issuer
    this.sub = principal.sub
    this.groups = principal.groups
    this.client = principal.client
    this.claims = principal.claims
  }
}

class QueryVariable implements Variable<'query'> {
  readonly statementType: string
  readonly tables: readonly string[]
  readonly targets: readonly string[]
  readonly projects: readonly string[]
  readonly parameters: readonly string[]
  readonly dryRun: boolean
  readonly routines: readonly string[]
  readonly columns: readonly string[]
  readonly filterColumns: readonly string[]
  readonly tags: readonly string[]
  readonly estimatedBytes: number | undefined
  readonly justification: string

  constructor(query: Asked['query']) {
    this.statementType = query.statementType
    this.tables = query.tables
    this.targets = query.targets
    this.projects = query.projects
    this.parameters = query.parameters
    this.dryRun = query.dryRun
    this.routines = query.routines
    this.columns = query.columns
    this.filterColumns = query.filterColumns
    this.tags = query.tags
    this.estimatedBytes = query.estimatedBytes
    this.justification = query.justification
  }
}

class RequestVariable implements Variable<'request'> {
  readonly time: Date
  readonly sourceAddress: string
  readonly session: string

  constructor(request: Asked['request']) {
    this.time = new Date(request.time)
    this.sourceAddress = request.sourceAddress
    this.session = request.session
  }
}

type Variable<V extends keyof Asked> = Record<keyof Asked[V], unknown>
