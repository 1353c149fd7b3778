import { buildFunctions } from '../../support/deployed/built-functions.ts'

/** Builds functions before the first test waits for them. */
export async function setup(): Promise<void> {
  await buildFunctions()
}
