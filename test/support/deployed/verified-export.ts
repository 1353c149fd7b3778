import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { DeployedFunctions } from '../deployed-functions.ts'
import { runSluice } from '../run-sluice.ts'

/** What somebody has in hand who exported the record and verified it. */
export interface VerifiedExport {
  /** Exit code of `sluice verify`. */
  readonly code: number
  /** What it printed. */
  readonly said: string
  /** The bundle. */
  readonly text: string
}

/**
 * Has the schedule seal the record, an auditor export all of it from the console, and `sluice verify` look at it, offline, with the
 * receipts in a folder where there is one. Throws when it is not sealed, or not exported.
 */
export async function verifiedExport(
  here: DeployedFunctions,
  receipts?: string,
): Promise<VerifiedExport> {
  const sealed = await here.scheduled('log-publisher', '/seal')
  if (sealed.status !== 204) throw new Error(`not sealed: ${here.output('log-publisher')}`)
  const file = (name: string, text: string): string => {
    const path = join(here.folder, name)
    writeFileSync(path, text)
    return path
  }
  const bundle = join(here.folder, 'record.ndjson')
  const token = file('otto', await here.issuer.token('otto'))
  const from = ['--gateway', here.urlOf('console'), '--token-file', token]
  const exported = await runSluice('export', '--all', ...from, '--out', bundle)
  if (exported.code !== 0) throw new Error(`not exported: ${exported.err}`)
  const trust = file('trust.json', await here.trust())
  const withReceipts = receipts === undefined ? [] : ['--receipts', receipts]
  const { code, out, err } = await runSluice('verify', bundle, '--trust', trust, ...withReceipts)
  return { code, said: `${out}${err}`, text: readFileSync(bundle, 'utf8') }
}
