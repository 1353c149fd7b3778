import type { CostRow } from './cost.ts'
import { measureEntryCost } from './entry-cost.ts'
import { measureLeafCost } from './leaf-cost.ts'
import { measureSealCost } from './seal-cost.ts'
import { measureVerifyCost } from './verify-cost.ts'

/** What entries cost to write, to seal and to verify, one after the other. */
export async function measureRecord(say: (progress: string) => void): Promise<readonly CostRow[]> {
  say('record: writing')
  const written = await measureEntryCost()
  say('record: sealing')
  const leaves = await measureLeafCost()
  const sealed = await measureSealCost()
  say('record: verifying')
  return [...written, ...leaves, ...sealed, ...(await measureVerifyCost())]
}
