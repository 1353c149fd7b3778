import { test } from 'vitest'

import { guarantees } from '../guarantees.ts'

/** A test named after the promise it pins. */
export function guarantee(id: keyof typeof guarantees, body: () => Promise<void> | void): void {
  test(`${id}: ${guarantees[id]}`, body)
}
