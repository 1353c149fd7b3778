import { once } from 'node:events'
import { type ServerResponse, createServer } from 'node:http'

import { z } from 'zod'

/** A point of a metric: how often, with these attributes. */
export interface ExportedPoint {
  readonly metric: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** Of a counter its value, of a histogram how many were measured. */
  readonly count: number
}

/**
 * Collects what is exported to it by OTLP over HTTP with JSON, in this process. While `holds` is true it takes requests
 * and answers none of them.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export async function startCollector() {
  const bodies: string[] = []
  const requests: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]> }[] = []
  const resources: Readonly<Record<string, unknown>>[] = []
  const spans: ExportedSpan[] = []
  const points = new Map<string, ExportedPoint>()
  const held: ServerResponse[] = []
  const collector = {
    url: '',
    /** Every byte that was exported, one string for each request. */
    bodies,
    requests,
    resources,
    spans,
    /** The last of each, since they are cumulative. */
    points,
    held,
    holds: false,
    close: async (): Promise<void> => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const body = Buffer.concat(chunks).toString()
      requests.push({ path, headers: request.headers })
      bodies.push(body)
      if (collector.holds) return held.push(response)
      take(JSON.parse(body))
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  collector.url = `http://127.0.0.1:${address.port}`
  return collector

  function take(body: unknown): void {
    const { resourceSpans, resourceMetrics } = Exported.parse(body)
    for (const { resource } of [...resourceSpans, ...resourceMetrics])
      resources.push(resource.attributes)
    for (const { scopeSpans } of resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans)
    for (const { scopeMetrics } of resourceMetrics)
      for (const point of scopeMetrics.flatMap(({ metrics }) => metrics.flat()))
        points.set(JSON.stringify([point.metric, point.attributes]), point)
  }
}

const One = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
  z.object({ intValue: z.coerce.number() }).transform(({ intValue }) => intValue),
  z.object({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
])
const Value = z.union([
  One,
  z
    .object({ arrayValue: z.object({ values: z.array(One) }) })
    .transform(({ arrayValue }) => arrayValue.values),
])
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((list): Readonly<Record<string, unknown>> =>
    Object.fromEntries(list.map(({ key, value }) => [key, value])),
  )
const Resource = z.object({ attributes: Attributes })

/** A span as OTLP's JSON has it, with its attributes by name. `kind` is 1 internal, 2 server, 3 client; `status.code` 2 an error. */
export type ExportedSpan = z.infer<typeof Span>

const Span = z
  .looseObject({
    traceId: z.string(),
    spanId: z.string(),
    parentSpanId: z.string().optional(),
    name: z.string(),
    kind: z.number(),
    attributes: Attributes,
    status: z.object({ code: z.number().optional(), message: z.string().optional() }),
    events: z.array(z.unknown()).default([]),
  })
  .transform(({ parentSpanId, ...span }) => ({ ...span, parentSpanId: parentSpanId || undefined }))

const Metric = z
  .object({
    name: z.string(),
    unit: z.string(),
    sum: z.object({ dataPoints: z.array(z.unknown()) }).optional(),
    histogram: z.object({ dataPoints: z.array(z.unknown()) }).optional(),
  })
  .transform(
    ({ name: metric, unit, sum, histogram }) =>
      (sum ?? histogram)?.dataPoints.map((each): ExportedPoint => {
        const { attributes, count, asInt, asDouble } = Point.parse(each)
        return { metric, unit, attributes, count: count ?? asInt ?? asDouble ?? 0 }
      }) ?? [],
  )
const Point = z.object({
  attributes: Attributes,
  count: z.coerce.number().optional(),
  asInt: z.coerce.number().optional(),
  asDouble: z.number().optional(),
})

const Exported = z.object({
  resourceSpans: z
    .array(
      z.object({ resource: Resource, scopeSpans: z.array(z.object({ spans: z.array(Span) })) }),
    )
    .default([]),
  resourceMetrics: z
    .array(
      z.object({
        resource: Resource,
        scopeMetrics: z.array(z.object({ metrics: z.array(Metric) })),
      }),
    )
    .default([]),
})
