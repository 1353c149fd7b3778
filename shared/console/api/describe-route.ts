import { type RouteConfig, z } from '@hono/zod-openapi'

import type { AuditRoute, DescribedAnswer } from './audit-route.ts'

/** A route as the description of the API has it. */
export function describeRoute(route: AuditRoute<z.ZodObject, z.ZodObject, z.ZodType>): RouteConfig {
  const { method, path, what, tag, summary, description, params, query, body, answer } = route
  const statuses = [
    400,
    401,
    403,
    ...(method === 'get' ? [] : [413]),
    ...(route.problems ?? []),
    503,
  ]
  return {
    method,
    path: `/v1${path}`,
    operationId: what,
    tags: [tag],
    summary,
    description,
    security: [{ bearer: [] }],
    request: {
      params,
      query,
      ...(method === 'get' ? {} : { body: { content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      200: { description: 'What was asked for.', content: contentOf(answer) },
      ...Object.fromEntries(statuses.map((status) => [status, refusal(status)])),
    },
  }
}

/** Every error, as BigQuery's clients parse it. */
const errorShape = z
  .object({
    error: z.object({
      code: z.number(),
      message: z.string(),
      errors: z.array(
        z.object({ message: z.string(), domain: z.literal('global'), reason: z.string() }),
      ),
      status: z.string(),
    }),
  })
  .openapi('Error')

/** One of the ways in which the API says no. */
export function refusal(status: number) {
  return {
    description: `${words[status] ?? 'Refused.'} It is on the record.`,
    content: { 'application/json': { schema: errorShape } },
  }
}

const words: Readonly<Record<number, string>> = {
  400: 'Not understood.',
  401: 'No token, or none that is good here.',
  403: 'Not for whoever asks.',
  404: 'There is none, or none that they may know of.',
  409: 'It cannot be done as things are.',
  413: 'The body is too large.',
  503: 'It cannot be recorded or read right now.',
}

function contentOf(answer: DescribedAnswer) {
  if ('schema' in answer)
    return { 'application/json': { schema: answer.schema.openapi(answer.name) } }
  return Object.fromEntries(answer.types.map((type) => [type, { schema: z.string() }]))
}
