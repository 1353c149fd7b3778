import { hash } from 'node:crypto'

import { type SoundLeaf, encodeLeaf } from '../../../shared/recording/leaf.ts'
import { usualLimits } from '../../../shared/recording/log/sealed-log.ts'
import { growTree } from '../../../shared/tlog/grow-tree.ts'
import { leafHash } from '../../../shared/tlog/hash.ts'
import { emptyEdge } from '../../../shared/tlog/tree-edge.ts'
import { sampleCallId } from '../../support/sample-entries.ts'
import { type CostRow, type Step, cpuEach, measureCosts } from './cost.ts'

const LEAVES = 1_000_000
const BATCH = usualLimits.batch.entries

/**
 * What a leaf costs in a tree that grows to a million, in batches as sealers make them. The baseline hashes the same
 * leaves and does nothing else; 200,000 in a second are 5 µs each.
 */
export function measureLeafCost(): Promise<readonly CostRow[]> {
  let edge = emptyEdge
  const leaves = Array.from({ length: BATCH }, leafAt)
  const entries = leaves.map(encodeLeaf)
  const steps: readonly Step[] = [
    {
      what: 'its hash, nothing else',
      measure: () => cpuEach(1, () => entries.forEach((entry) => leafHash(entry))) / BATCH,
    },
    {
      what: 'tree, tiles and bundles',
      aimMicros: 5,
      measure: () =>
        cpuEach(1, () => {
          ;({ edge } = growTree(edge, entries))
        }) / BATCH,
    },
    {
      what: 'its canonical JSON',
      measure: () => cpuEach(1, () => leaves.map(encodeLeaf)) / BATCH,
    },
  ]
  return measureCosts('one leaf of a million', LEAVES / BATCH, steps)
}

function leafAt(_: unknown, number: number): SoundLeaf {
  const digest = hash('sha256', String(number), 'hex')
  return {
    t: 'sluice-leaf/v1',
    c: 1_790_000_000_000_000 + number,
    e: digest,
    i: `${sampleCallId(number)}~request`,
    k: 'request',
    n: number,
    p: digest,
    s: digest,
    w: sampleCallId(0),
  }
}
