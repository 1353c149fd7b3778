import { crc32c } from '../../shared/adapters/secret-manager/crc32c.ts'
import { cloudStorageMethods, objectMembers } from './documented-methods.ts'
import { notDocumented, problemsOf } from './documented-requests.ts'
import { errorReply, jsonReply } from './stub-replies.ts'
import { type Respond, type StubRequest, startStubUpstream } from './stub-upstream.ts'

/** An object as the stand-in keeps it. */
interface StubObject {
  readonly bytes: Buffer
  readonly generation: number
  readonly metadata: Readonly<Record<string, unknown>>
  /** Epoch milliseconds. */
  readonly created: number
}

export interface StubCloudStorage {
  readonly url: URL
  readonly requests: StubRequest[]
  /** By name. */
  readonly objects: Map<string, StubObject>
  /** Nothing younger may be deleted or replaced, as `gcloud storage buckets update --retention-period`. */
  retentionMs: number
  /** Names under a temporary hold. */
  readonly held: Set<string>
  /** Epoch milliseconds; tests move it. */
  now: number
  /** Answers with this from now on, instead of or around what it does by itself; without it, as Cloud Storage does. */
  fail(respond?: (request: StubRequest, usual: () => Respond) => Respond): void
  close(): Promise<void>
}

/** Who may use the bucket. */
export const BUCKET_TOKEN = 'ya29.bucket-canary'

/**
 * Cloud Storage's JSON API for one bucket, `acme-log`: multipart uploads, media downloads and deletions with their
 * documented preconditions, checksums, retention, holds and errors.
 * https://cloud.google.com/storage/docs/json_api/v1/objects
 */
export async function startStubCloudStorage(): Promise<StubCloudStorage> {
  let generations = 1_700_000_000_000_000
  let fault: ((request: StubRequest, usual: () => Respond) => Respond) | undefined

  const keptBack = (name: string): Respond | undefined => {
    const found = stub.objects.get(name)
    if (found === undefined) return undefined
    if (stub.held.has(name))
      return errorReply(403, 'objectUnderActiveHold', `Object 'acme-log/${name}' is under hold.`)
    const until = Math.max(found.created + stub.retentionMs, retainedUntil(found))
    return stub.now < until
      ? errorReply(
          403,
          'retentionPolicyNotMet',
          `Object 'acme-log/${name}' is subject to retention.`,
        )
      : undefined
  }

  const upload = ({ query, headers, body }: StubRequest): Respond => {
    const parts = partsOf(headers['content-type'] ?? '', body)
    if (query.get('uploadType') !== 'multipart' || parts === undefined)
      return errorReply(400, 'badRequest', 'Not a multipart upload.')
    const { metadata, bytes } = parts
    const name = String(metadata['name'])
    const [problem] = problemsOf(metadata, objectMembers)
    if (problem !== undefined) return errorReply(400, 'invalid', problem)
    if (!/^[^\r\n]{1,1024}$/.test(name) || name.startsWith('.well-known/acme-challenge/'))
      return errorReply(400, 'invalid', 'Invalid object name.')
    if (metadata['retention'] !== undefined && retainedUntil({ metadata }) <= stub.now)
      return errorReply(400, 'invalid', 'Retention has to be in the future.')
    if (metadata['crc32c'] !== undefined && metadata['crc32c'] !== crcText(bytes))
      return errorReply(400, 'invalid', 'Provided CRC32C does not match calculated CRC32C.')
    const there = String(stub.objects.get(name)?.generation ?? 0)
    const asked = query.get('ifGenerationMatch')
    if (asked !== null && asked !== there)
      return errorReply(412, 'conditionNotMet', 'At least one of the pre-conditions did not hold.')
    const refused = keptBack(name)
    if (refused !== undefined) return refused
    generations += 1
    stub.objects.set(name, { bytes, generation: generations, metadata, created: stub.now })
    return jsonReply(200, {
      kind: 'storage#object',
      id: `acme-log/${name}/${generations}`,
      bucket: 'acme-log',
      ...metadata,
      generation: String(generations),
      metageneration: '1',
      size: String(bytes.length),
      crc32c: crcText(bytes),
    })
  }

  const media = (name: string): Respond => {
    const found = stub.objects.get(name)
    if (found === undefined) return plain(404, `No such object: acme-log/${name}`)
    const { bytes, generation, metadata } = found
    return (_request, response) => {
      response.writeHead(200, {
        'content-type': String(metadata['contentType']),
        'content-length': bytes.length,
        'x-goog-generation': String(generation),
        'x-goog-hash': `crc32c=${crcText(bytes)},md5=AAAAAAAAAAAAAAAAAAAAAA==`,
        'x-goog-stored-content-length': String(bytes.length),
      })
      response.end(bytes)
    }
  }

  const remove = (name: string): Respond => {
    if (!stub.objects.has(name)) return errorReply(404, 'notFound', `No such object: ${name}`)
    const refused = keptBack(name)
    if (refused !== undefined) return refused
    stub.objects.delete(name)
    return (_request, response) => {
      response.writeHead(204)
      response.end()
    }
  }

  const answerTo = (request: StubRequest): Respond => {
    const { method, path, query, headers } = request
    if (headers.authorization !== `Bearer ${BUCKET_TOKEN}`)
      return errorReply(401, 'authError', 'Invalid Credentials')
    const refused = notDocumented(request, cloudStorageMethods)
    if (refused !== undefined) return refused
    if (method === 'POST' && path === '/upload/storage/v1/b/acme-log/o') return upload(request)
    const [, encoded] = /^\/storage\/v1\/b\/acme-log\/o\/([^/]+)$/.exec(path) ?? []
    if (encoded === undefined) return errorReply(404, 'notFound', 'Not Found')
    const name = decodeURIComponent(encoded)
    if (method === 'GET' && query.get('alt') === 'media') return media(name)
    if (method === 'DELETE') return remove(name)
    return errorReply(400, 'badRequest', 'Unknown method.')
  }

  const server = await startStubUpstream((request, response) => {
    const usual = () => answerTo(request)
    return (fault?.(request, usual) ?? usual())(request, response)
  })
  const stub: StubCloudStorage = {
    url: server.url,
    requests: server.requests,
    objects: new Map(),
    retentionMs: 0,
    held: new Set(),
    now: Date.UTC(2026, 10, 21),
    fail: (respond) => {
      fault = respond
    },
    close: () => server.close(),
  }
  return stub
}

function retainedUntil({ metadata }: Pick<StubObject, 'metadata'>): number {
  const { retention } = metadata
  return typeof retention === 'object' && retention !== null && 'retainUntilTime' in retention
    ? Date.parse(String(retention.retainUntilTime))
    : 0
}

/** RFC 2387: metadata as JSON, then the media. */
function partsOf(contentType: string, body: Buffer) {
  const [, boundary] = /^multipart\/related; boundary=([0-9A-Za-z-]+)$/.exec(contentType) ?? []
  if (boundary === undefined) return undefined
  const first = body.indexOf('\r\n\r\n') + 4
  const between = body.indexOf(`\r\n--${boundary}\r\n`, first)
  const media = body.indexOf('\r\n\r\n', between + 2) + 4
  const end = body.length - `\r\n--${boundary}--\r\n`.length
  if (!body.subarray(end).equals(Buffer.from(`\r\n--${boundary}--\r\n`))) return undefined
  const metadata = JSON.parse(body.toString('utf8', first, between)) as Record<string, unknown>
  return { metadata, bytes: body.subarray(media, end) }
}

function crcText(bytes: Buffer): string {
  const text = Buffer.alloc(4)
  text.writeUInt32BE(crc32c(bytes))
  return text.toString('base64')
}

const plain =
  (status: number, text: string): Respond =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8' })
    response.end(text)
  }
