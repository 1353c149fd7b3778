import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly help: string
    readonly nodes: readonly {
      readonly target: readonly unknown[]
      readonly failureSummary?: string
    }[]
  }[]
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const SERIOUS = ['serious', 'critical']
const RULES = `(concern) => axe.getRules(${JSON.stringify(TAGS)})
  .filter(({ tags }) => concern === 'everything' || tags.includes('cat.color'))
  .map(({ ruleId }) => ruleId)`
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What another theme can change: one page is in two themes the same but for its colours. */
export type Concern = 'everything' | 'colours'

/**
 * What axe-core finds on this page that is serious or critical, by the rules of WCAG 2.2 A and AA or by those of them that
 * are about colours: one text for each place.
 */
export async function seriousFindings(
  page: Page,
  concern: Concern = 'everything',
): Promise<readonly string[]> {
  // Evaluated as the developer tools would: the page's own policy for scripts stays as it is.
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(source)
  const results = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: { type: 'rule', values: (${RULES})(${JSON.stringify(concern)}) } })`,
  )
  return results.violations
    .filter(({ impact }) => impact !== null && SERIOUS.includes(impact))
    .flatMap(({ id, impact, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) =>
          `${id} (${String(impact)}): ${help}\n  at ${target.join(' ')}\n  ${failureSummary ?? ''}`,
      ),
    )
}
