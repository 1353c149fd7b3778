import { execFileSync } from 'node:child_process'

/** The command lines of running processes that mention `text`; zombies have none. */
export function processesMentioning(text: string): readonly string[] {
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
  return listing.split('\n').filter((line) => line.includes(text) && !line.includes('ps -A'))
}

/** Resolves once `condition` holds; rejects when it still does not after `timeoutMs`. */
export async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > end) throw new Error('it never happened')
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}
