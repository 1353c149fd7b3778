/** The upstream of every server that is measured, in a process of its own. Tells its parent its URL. */
import { type Respond, startStubUpstream } from '../support/stub-upstream.ts'
import { REPLIES, isReplyId, replyMaker } from './replies.ts'

const makers = new Map(
  Object.keys(REPLIES)
    .filter(isReplyId)
    .map((id) => [id as string, { gzip: REPLIES[id].gzip, make: replyMaker(id) }]),
)

const respond: Respond = ({ path }, response) => {
  // It keeps what it heard, which nobody here reads.
  stub.requests.length = 0
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
