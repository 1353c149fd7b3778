import type { InfoType } from '../policy/mask.ts'

/**
 * Port. The texts, in their order, with every find of these types replaced by `[INFO_TYPE]`, as Cloud DLP's
 * replace-with-infoType does. A second layer: it finds what looks like an identifier, and no more. Rejects
 * when nothing can be looked for; the texts must not leave then.
 */
export type Detect = (
  texts: readonly string[],
  infoTypes: readonly InfoType[],
) => Promise<readonly string[]>
