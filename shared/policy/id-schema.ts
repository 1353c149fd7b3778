import { z } from 'zod'

/** A name of ours: lower-case words with hyphens between, as record, labels and messages show it. */
export const idSchema = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'expected lower-case words joined by `-`')
