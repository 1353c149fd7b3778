import { expect, test } from 'vitest'
import { z } from 'zod'

import { auditApiWorld } from '../../support/audit-api-world.ts'

const response = z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })
const operation = z.object({
  operationId: z.string().min(1),
  summary: z.string().min(1),
  description: z.string().min(1),
  security: z.array(z.object({ bearer: z.array(z.string()) })).min(1),
  responses: z.record(z.string(), response),
})
const document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.object({ bearer: z.object({ type: z.literal('http') }) }),
  }),
})

const world = await auditApiWorld()
const session = await world.sessionOf('ana')
const call = await world.ask(session)
await world.denied(session)
await world.seal()
const described = document.parse(await (await world.send('/v1/openapi.json', {})).json())

/** The schema of an answer, with what it refers to. */
function shapeOf(path: string, method: string, status: number): z.ZodType {
  const schema =
    described.paths[path]?.[method]?.responses[status]?.content['application/json']?.schema
  if (schema === undefined) throw new Error(`${method} ${path} ${status} is not described`)
  const text = JSON.stringify({ ...Object(schema), $defs: described.components.schemas })
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')))
}

test('every route has a name of its own, words, a token, and errors in one shape', () => {
  const all = Object.values(described.paths).flatMap((methods) => Object.values(methods))
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
  for (const { responses } of all)
    for (const [status, { content }] of Object.entries(responses))
      if (Number(status) >= 400)
        expect(content).toEqual({
          'application/json': { schema: { $ref: '#/components/schemas/Error' } },
        })
})

test.each([
  ['/v1/me', '/v1/me'],
  ['/v1/calls', '/v1/calls'],
  ['/v1/calls/{call}', `/v1/calls/${call}`],
  ['/v1/sessions', '/v1/sessions'],
  ['/v1/sessions/{session}', `/v1/sessions/${session.id}`],
  ['/v1/events', '/v1/events'],
  ['/v1/holds', '/v1/holds'],
  ['/v1/overview', '/v1/overview'],
  ['/v1/tables', '/v1/tables'],
  ['/v1/log', '/v1/log'],
  ['/v1/searches', '/v1/searches'],
  ['/v1/reviews', '/v1/reviews'],
])('what %s answers with has the shape that is described', async (path, url) => {
  const good = await world.get(url, 'petra')
  expect(good.status).toBe(200)
  expect(shapeOf(path, 'get', 200).safeParse(await good.json()).error).toBeUndefined()
  const refused = await world.send(url, {})
  expect(shapeOf(path, 'get', 401).safeParse(await refused.json()).error).toBeUndefined()
  // It is a shape that something else does not have.
  expect(shapeOf(path, 'get', 200).safeParse({ error: 1 }).success).toBe(false)
})
