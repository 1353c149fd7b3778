import { vi } from 'vitest'

import { sluice } from '../../functions/sluice.ts'

/** `sluice` with these arguments, in this process: its exit code and what it wrote. */
export async function runSluice(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' }
  const listen = (stream: NodeJS.WriteStream, name: keyof typeof written) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written[name] += String(text)
      return true
    })
  const spies = [listen(process.stdout, 'out'), listen(process.stderr, 'err')]
  try {
    return { code: await sluice(args), ...written }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
