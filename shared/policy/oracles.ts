import type { ColumnUse } from '../analysis/lineage.ts'
import { type Governance, type OracleEffect, oracleEffects } from './governance.ts'

/** What becomes of a statement for what masked columns decide in it. */
export interface Oracles {
  readonly effect: OracleEffect
  /** The uses that have this effect. */
  readonly uses: readonly ColumnUse[]
}

/** `tagsOf` gives the tags for which a column is masked; none when it is not. */
export function oraclesOf(
  { oracles }: Governance,
  uses: readonly ColumnUse[],
  tagsOf: (column: string) => readonly string[],
): Oracles {
  const judged = uses.flatMap((use) => {
    const effects = tagsOf(use.column).map((tag) => oracles.tags.get(tag) ?? oracles.default)
    const effect = strictestEffect(effects)
    return effect === undefined ? [] : [{ use, effect }]
  })
  const effect = strictestEffect(judged.map((one) => one.effect)) ?? 'allow'
  return { effect, uses: judged.filter((one) => one.effect === effect).map(({ use }) => use) }
}

const strictestEffect = (effects: readonly OracleEffect[]): OracleEffect | undefined =>
  oracleEffects.find((effect) => effects.includes(effect))
