import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const LOOKS = 100
const PAUSE_MS = 100

/**
 * Resolves once `copy`, which the gateway follows, is what was `written` but for its addresses: whoever asks seconds
 * later asks under it. Rejects when that takes longer than ten seconds.
 */
export async function inForce(
  written: string,
  copy: string,
  { gateway, issuer }: { readonly gateway: string; readonly issuer: { readonly url: string } },
): Promise<void> {
  const wanted = written
    .replaceAll('http://127.0.0.1:8081', issuer.url)
    .replaceAll('http://127.0.0.1:8080', gateway)
  for (let look = 0; look < LOOKS; look += 1) {
    if (readFileSync(copy, 'utf8') === wanted) return
    // oxlint-disable-next-line no-await-in-loop
    await wait(PAUSE_MS)
  }
  throw new Error(`the gateway does not take up \`${copy}\``)
}
