import { unreachable } from '../kernel/unreachable.ts'
import type { UpkeepEntry } from './upkeep-entry.ts'

/** An entry about the record itself in a few words, for people. */
export function upkeepWords(entry: UpkeepEntry): string {
  switch (entry.type) {
    case 'session-opened':
      return `${entry.principal.subject} begins session ${entry.session.id}`
    case 'session-closed':
      return `session ${entry.session} was idle: ${entry.count} entries`
    case 'writer-opened':
    case 'writer-closed':
      return `${entry.type.slice('writer-'.length)} ${entry.writer}`
    case 'writer-gap':
      return `${entry.missed.length} numbers of ${entry.writer} are not found`
    case 'configuration-changed':
      return `${entry.what} is now ${entry.after ?? 'gone'}`
    case 'audit-read':
    case 'exported':
      return `${entry.principal.subject} asks for ${entry.what}`
    case 'hold-set':
    case 'hold-released':
      return `${entry.by.subject}: ${entry.reason}`
    case 'erased':
      return `${entry.by.subject} erases ${entry.keys.length} secrets: ${entry.reason}`
    case 'retention-deleted':
      return `${entry.count} entries of class ${entry.class} are deleted`
    case 'alert':
      return `${entry.alert}: ${entry.detail}`
    case 'replayed':
      return `${entry.by.subject} replays ${entry.of.call ?? entry.of.session} on ${entry.connection}: ${entry.verdict}`
    case 'reviewed':
      return `${entry.by.subject} has reviewed ${new Date(entry.from).toISOString()} to ${new Date(entry.to).toISOString()}: ${entry.verdict}`
    case 'sealed-batch':
      return `batch ${entry.batch}, the log has ${entry.size} leaves`
    default:
      return unreachable(entry)
  }
}
