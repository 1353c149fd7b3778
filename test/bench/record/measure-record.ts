import type { CostRow } from './cost.ts'
import { measureEntryCost } from './entry-cost.ts'
import { measureLeafCost } from './leaf-cost.ts'
import { measureSealCost } from './seal-cost.ts'

/** What entries cost to write and to seal, one after the other. */
export async function measureRecord(say: (progress: string) => void): Promise<readonly CostRow[]> {
  say('record: writing')
  const written = await measureEntryCost()
  say('record: sealing')
  const leaves = await measureLeafCost()
  return [...written, ...leaves, ...(await measureSealCost())]
}
