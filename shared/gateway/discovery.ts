import type { Json } from '../bigquery/call.ts'
import { type MethodDescription, commonParameters, methods } from '../bigquery/methods.ts'

/**
 * The discovery document of what Sluice offers, generated from the method table. `bq` reads it before
 * every call and builds its client from it.
 * https://developers.google.com/discovery/v1/reference/apis
 */
export function discoveryDocument(publicUrl: string): Json {
  const rootUrl = publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`
  const resources: Record<string, { methods: Record<string, Json> }> = {}
  for (const description of methods) {
    const [resource = '', name = ''] = description.method.split('.')
    resources[resource] ??= { methods: {} }
    resources[resource].methods[name] = methodDocument(description)
  }
  const schemas = new Set(
    methods.flatMap(({ request, response }) => [request ?? [], response].flat()),
  )
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'bigquery:v2',
    name: 'bigquery',
    version: 'v2',
    title: 'BigQuery API, as Sluice offers it',
    description: 'The part of the BigQuery REST API v2 that Sluice governs.',
    protocol: 'rest',
    rootUrl,
    baseUrl: `${rootUrl}bigquery/v2/`,
    servicePath: 'bigquery/v2/',
    basePath: '/bigquery/v2/',
    batchPath: 'batch/bigquery/v2',
    parameters: parameterDocuments(commonParameters, ''),
    auth: {
      oauth2: {
        scopes: {
          'https://www.googleapis.com/auth/bigquery': {
            description: 'Query BigQuery through Sluice',
          },
        },
      },
    },
    schemas: Object.fromEntries(
      // Bodies are checked by the service; the document only names them.
      [...schemas].map((id) => [id, { id, type: 'object', additionalProperties: { type: 'any' } }]),
    ),
    resources,
  }
}

function methodDocument(description: MethodDescription): Json {
  const { method, httpMethod, path, parameters, request, response } = description
  return {
    id: `bigquery.${method}`,
    path,
    flatPath: path.replaceAll('{+', '{'),
    httpMethod,
    description: description.description,
    parameters: parameterDocuments(parameters, path),
    parameterOrder: [...path.matchAll(/\{\+(\w+)\}/g)].map(([, name = '']) => name),
    ...(request === undefined ? {} : { request: { $ref: request } }),
    response: { $ref: response },
    scopes: ['https://www.googleapis.com/auth/bigquery'],
    ...(method === 'jobs.insert' ? uploadDocument : {}),
  }
}

// Without it `bq query` fails: it passes `media_body` with every job. An upload itself is refused.
const uploadPath = '/upload/bigquery/v2/projects/{+projectId}/jobs'
const uploadDocument = {
  supportsMediaUpload: true,
  mediaUpload: {
    accept: ['*/*'],
    protocols: {
      simple: { multipart: true, path: uploadPath },
      resumable: { multipart: true, path: `/resumable${uploadPath}` },
    },
  },
}

function parameterDocuments(
  parameters: MethodDescription['parameters'],
  path: string,
): { [name: string]: Json } {
  const inPath = [...path.matchAll(/\{\+(\w+)\}/g)].map(
    ([, name = '']) => [name, { type: 'string', location: 'path', required: true }] as const,
  )
  const inQuery = Object.entries(parameters).map(
    ([name, kind]) =>
      [
        name,
        kind === 'repeated'
          ? { type: 'string', location: 'query', repeated: true }
          : {
              type: kind,
              location: 'query',
              ...(kind === 'integer' ? { format: 'uint32' } : {}),
            },
      ] as const,
  )
  return Object.fromEntries([...inPath, ...inQuery])
}
