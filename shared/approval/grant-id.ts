import { mint } from '../kernel/brand.ts'
import type { GrantId } from './grant.ts'

/** Reads the id of a grant; undefined for any other text. It says nothing of whether there is one. */
export function parseGrantId(text: string): GrantId | undefined {
  return /^[a-z2-7]{26}$/.test(text) ? mint<GrantId>(text) : undefined
}
