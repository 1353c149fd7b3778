import { z } from 'zod'

/** What traces say of queries; `telemetry` in the policy. */
export interface TelemetryTerms {
  /** `without-literals`: the SQL with `?` in place of every literal. Undefined: no SQL. */
  readonly queryText: 'without-literals' | undefined
}

/** `telemetry`. Parses to `TelemetryTerms`. */
export const telemetrySchema = z
  .strictObject({
    queryText: z
      .literal('without-literals', 'expected without-literals, or nothing')
      .optional()
      .describe(
        '`without-literals`: traces have the SQL of queries that are permitted, with `?` in place of every literal. No SQL ' +
          'when left out. With it whoever reads traces sees which columns are asked for, and names that callers made up.',
      ),
  })
  .prefault({})
  .transform(({ queryText }): TelemetryTerms => ({ queryText }))
