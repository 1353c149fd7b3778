import { createInterface } from 'node:readline'

/**
 * Answers every JSON line `{ id, operation, args }` on standard input with `{ id, value }`, or with
 * `{ id, error }` when the operation throws. Ends when the input does.
 *
 * @param {Record<string, (...args: any[]) => unknown>} operations
 * @param {(cause: any) => object} shown what a user of the client would see of an error
 */
export async function answerLines(operations, shown) {
  const open = new Set()
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, operation, args } = JSON.parse(line)
    const answer = Promise.resolve()
      .then(() => operations[operation](...args))
      .then(
        (value) => ({ id, value }),
        (cause) => ({ id, error: shown(cause) }),
      )
      .then((reply) => process.stdout.write(`${JSON.stringify(reply)}\n`))
      .finally(() => open.delete(answer))
    open.add(answer)
  }
}
