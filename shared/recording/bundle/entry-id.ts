import type { EntryFacts } from './entry-facts.ts'

/** Whether an entry has the id that its type and members ask for. FORMAT.md §2. */
export function isOwnId(type: string, id: string, facts: EntryFacts): boolean {
  switch (facts.type) {
    case 'request':
      return id === `${facts.call}~request`
    case 'approval':
      return id === `${facts.call}~approval~${facts.number}`
    case 'refused-vote':
      return startsWith(id, `${facts.call}~vote~`)
    case 'page':
      return startsWith(id, `${facts.call}~page~`)
    case 'outcome':
      return id === `${facts.call}~end`
    case 'refusal':
      return id === `${facts.call}~refusal`
    case 'session-opened':
      return id === `session~${facts.session.id}~opened`
    case 'session-closed':
      return id === `session~${facts.session}~closed~${facts.number}`
    case 'writer-opened':
      return id === `writer~${facts.writer}~opened`
    case 'writer-gap':
      return startsWith(id, `writer~${facts.writer}~gap~`)
    case 'writer-closed':
      return id === `writer~${facts.writer}~closed`
    case 'retention-deleted':
      return startsWith(id, 'retention~')
    case 'sealed-batch':
      return id === `batch~${facts.batch}`
    case 'other': {
      const prefix = PREFIXES.get(type)
      // Of a type that is not known here nobody knows what ids it has.
      return prefix === undefined || startsWith(id, prefix)
    }
  }
}

const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['configuration-changed', 'configuration~'],
  ['audit-read', 'audit~'],
  ['exported', 'audit~'],
  ['hold-set', 'hold~'],
  ['hold-released', 'hold~'],
  ['erased', 'erasure~'],
  ['alert', 'alert~'],
  ['replayed', 'replay~'],
  ['reviewed', 'review~'],
])

/** What comes after the prefix is somebody's, and there is something. */
function startsWith(id: string, prefix: string): boolean {
  return id.startsWith(prefix) && id.length > prefix.length
}
