import { err, ok, type Result } from '../../kernel/result.ts'

/**
 * What `work` resolves with, unless the caller goes away or the time is up first; the work then goes
 * on unheard. Rejects when the work does.
 */
export async function waitFor<T>(
  work: Promise<T>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Result<T, 'caller-gone' | 'late'>> {
  const { promise: interrupted, resolve } =
    Promise.withResolvers<Result<never, 'caller-gone' | 'late'>>()
  const onAbort = (): void => resolve(err('caller-gone'))
  const timer = setTimeout(() => resolve(err('late')), Math.max(0, timeoutMs))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work.then(ok), interrupted])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
