import { readFileSync } from 'node:fs'

import { Option } from 'commander'
import { parse } from 'yaml'

import type { Facts, Policy } from '../../shared/policy/policy.ts'

/** Who asks, as options of a command. */
export interface IdentityOptions {
  readonly identity?: string
  readonly issuer?: string
  readonly sub?: string
  readonly group?: readonly string[]
  readonly client?: string
  readonly claim?: readonly string[]
  readonly sourceAddress: string
  readonly time?: string
}

/** The options that `readIdentity` reads. */
export function identityOptions(): readonly Option[] {
  return [
    new Option(
      '--identity <file>',
      'who asks: issuer, sub, groups, client, claims, as YAML or JSON; options below go before it',
    ),
    new Option('--issuer <url>', 'who vouches for them (default: the first one of the policy)'),
    new Option('--sub <sub>', 'who they are at the issuer'),
    new Option('--group <name>', 'a group they are in; repeat it for more').argParser(list),
    new Option('--client <id>', 'the OAuth client they use'),
    new Option('--claim <name=value>', 'a claim of their token; repeat it for more').argParser(
      list,
    ),
    new Option('--source-address <ip>', 'the address of whoever sends it').default('', 'not known'),
    new Option('--time <time>', 'when it comes, such as 2026-01-31T09:00:00Z (default: now)'),
  ]
}

const list = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

/** Who asks, and when, as conditions see it. Throws for a file that says something else. */
export function readIdentity(
  options: IdentityOptions,
  policy: Policy,
): Pick<Facts, 'principal' | 'request'> {
  const written = options.identity === undefined ? {} : readFields(options.identity)
  const time = options.time === undefined ? Date.now() : Date.parse(options.time)
  if (Number.isNaN(time)) throw new Error(`not a time: \`${options.time}\``)
  return {
    principal: {
      issuer: options.issuer ?? textIn(written, 'issuer') ?? policy.issuers[0]?.issuer ?? '',
      sub: options.sub ?? textIn(written, 'sub') ?? 'somebody',
      groups: options.group ?? listIn(written, 'groups'),
      client: options.client ?? textIn(written, 'client') ?? '',
      claims: { ...claimsIn(written), ...Object.fromEntries((options.claim ?? []).map(claimOf)) },
    },
    request: { time, sourceAddress: options.sourceAddress, session: '' },
  }
}

const KNOWN = ['issuer', 'sub', 'groups', 'client', 'claims']

type Fields = Readonly<Record<string, unknown>>

function readFields(file: string): Fields {
  const document: unknown = parse(readFileSync(file, 'utf8'))
  const fields = isObject(document) ? Object.fromEntries(Object.entries(document)) : {}
  const strange = Object.keys(fields).find((key) => !KNOWN.includes(key))
  if (!isObject(document) || strange !== undefined)
    throw new Error(`not an identity (${KNOWN.join(', ')}): \`${file}\``)
  return fields
}

function textIn(fields: Fields, key: string): string | undefined {
  const value = fields[key]
  if (value === undefined || typeof value === 'string') return value
  throw new Error(`not text in the identity: \`${key}\``)
}

function listIn(fields: Fields, key: string): readonly string[] {
  const value: unknown = fields[key] ?? []
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw new Error(`not a list of names in the identity: \`${key}\``)
}

function claimsIn(fields: Fields): Readonly<Record<string, string>> {
  const claims: unknown = fields['claims'] ?? {}
  if (!isObject(claims)) throw new Error('not claims in the identity: `claims`')
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]))
}

function claimOf(written: string): readonly [string, string] {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(written) ?? []
  if (name === '') throw new Error(`not \`name=value\`: \`${written}\``)
  return [name, value]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
