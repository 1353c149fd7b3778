import { expect } from 'vitest'

/** The code, reason and message of a refusal, which must look exactly like BigQuery's. */
export async function errorOf(
  response: Response,
): Promise<{ readonly code: number; readonly reason: string; readonly message: string }> {
  const text = await response.text()
  expect(response.headers.get('content-type')).toMatch(/^application\/json(; charset=UTF-8)?$/)
  const body = JSON.parse(text) as {
    error: { code: number; message: string; errors: { reason: string }[] }
  }
  const { code, message, errors } = body.error
  const reason = errors[0]?.reason ?? ''
  // With a second entry in `errors`, Node hides the message; without the first, bq reports a bug.
  expect(body).toEqual({
    error: {
      code: response.status,
      message,
      errors: [{ message, domain: 'global', reason }],
      status: expect.stringMatching(/^[A-Z_]+$/),
    },
  })
  return { code, reason, message }
}

/** The call id that a refusal of Sluice's own names, for whoever looks it up in the record. */
export function callIn(message: string): string {
  return /\(Sluice call ([a-z2-7]{26})\)$/.exec(message)?.[1] ?? ''
}
