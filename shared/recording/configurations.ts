import type { ConfigurationChangedEntry } from './upkeep-entry.ts'

/** What the record says last about a thing that is in force. */
export interface NotedConfiguration {
  /** Of the entry that says so, from 1. */
  readonly number: number
  /** Its digest. */
  readonly digest: string
}

/** Port. Every method rejects when the store cannot be reached; calling again with the same is safe. */
export interface Configurations {
  /** Undefined before the first. */
  find(what: ConfigurationChangedEntry['what']): Promise<NotedConfiguration | undefined>
  /** Says that the entry with this number is durable, unless a later one is known. */
  noted(what: ConfigurationChangedEntry['what'], noted: NotedConfiguration): Promise<void>
}
