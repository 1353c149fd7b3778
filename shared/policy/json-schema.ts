import { z } from 'zod'

import { policyFile } from './policy-file.ts'

/** JSON Schema (draft 7, which editors read best) of the policy file as people write it. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    title: 'Sluice policy',
    ...z.toJSONSchema(policyFile, { io: 'input', target: 'draft-7' }),
  }
}
