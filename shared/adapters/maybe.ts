import type { z } from 'zod'

/** A member that canonical JSON leaves out when it is `undefined`. */
export const maybe = <T extends z.ZodType>(type: T) => type.optional().transform((value) => value)
