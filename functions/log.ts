import { refusalBudget } from '../shared/recording/refusal-budget.ts'
import { logTrace } from './telemetry/log-trace.ts'

/**
 * One structured line, as Cloud Logging reads it, with the trace it belongs to. Never a value of a request, never a
 * credential. Lines of severity DEBUG are written where `SLUICE_LOG_LEVEL` is `debug`, and nowhere else.
 */
export function log(
  severity: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR',
  message: string,
  fields: Readonly<Record<string, string | number | readonly string[]>> = {},
): void {
  if (severity === 'DEBUG' && process.env['SLUICE_LOG_LEVEL'] !== 'debug') return
  process.stderr.write(`${JSON.stringify({ severity, message, ...fields, ...logTrace() })}\n`)
}

/** What may be logged of something thrown: its kind and where, not its words, which may quote a value. */
export function failureFields(cause: unknown): { readonly error: string; readonly at: string } {
  if (!(cause instanceof Error)) return { error: typeof cause, at: '' }
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { error: cause.name, at: frames.slice(0, 5).join(' ').replaceAll(/\s+/g, ' ').trim() }
}

/** Warns of something that anybody can cause: ten times a minute, with how often it was not said. */
export function logSeldom(message: string, clock: () => number): (problem: string) => void {
  const budget = refusalBudget({ perMinute: 10, totalPerMinute: 10, clock })
  return (problem) => {
    const taken = budget.take(undefined)
    if (taken !== undefined) log('WARNING', message, { problem, unsaid: taken.unrecorded })
  }
}
