/** The upstream of every server that is measured, in a process of its own. Tells its parent its URL. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { jsonReply } from '../support/stub-replies.ts'
import { type Respond, startStubUpstream } from '../support/stub-upstream.ts'
import { REPLIES, isReplyId, replyMaker } from './replies.ts'

const SCHEMA = join(
  import.meta.dirname,
  '../../infra/local/data/acme/hospital/patients.schema.json',
)

const makers = new Map(
  Object.keys(REPLIES)
    .filter(isReplyId)
    .map((id) => [id as string, { gzip: REPLIES[id].gzip, make: replyMaker(id) }]),
)

const json = (body: object): Respond => jsonReply(200, body)

/** What Sluice asks for itself: the columns of a table, and what a query would do. */
function own(path: string): Respond | undefined {
  if (path.endsWith('/datasets/hospital/tables/patients'))
    return json({
      tableReference: { projectId: 'acme', datasetId: 'hospital', tableId: 'patients' },
      type: 'TABLE',
      etag: 'etag',
      schema: { fields: JSON.parse(readFileSync(SCHEMA, 'utf8')) },
    })
  if (!/\/projects\/[^/]+\/jobs$/.test(path)) return undefined
  const fields = [
    { name: 'id', type: 'INTEGER' },
    { name: 'text', type: 'STRING' },
  ]
  const referencedTables = [{ projectId: 'acme', datasetId: 'hospital', tableId: 'patients' }]
  const query = { statementType: 'SELECT', referencedTables, schema: { fields } }
  return json({
    configuration: { dryRun: true },
    statistics: { totalBytesProcessed: '1048576', query },
  })
}

const respond: Respond = (request, response) => {
  const { path } = request
  // It keeps what it heard, which nobody here reads.
  stub.requests.length = 0
  const answer = own(path)
  if (answer !== undefined) {
    void answer(request, response)
    return
  }
  const reply = makers.get(path.split('/')[4] ?? '')
  if (reply === undefined) {
    response.writeHead(404).end()
    return
  }
  const body = reply.make()
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': body.reduce((sum, part) => sum + part.length, 0),
    ...(reply.gzip ? { 'content-encoding': 'gzip' } : {}),
  })
  for (const part of body) response.write(part)
  response.end()
}

const stub = await startStubUpstream(respond)
process.on('disconnect', () => process.exit())
process.send?.(stub.url.href)
