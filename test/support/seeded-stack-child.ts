import { startLocalStack } from '../../infra/local/local-stack.ts'

// Started by `startSeededStack`: serves the local stack until whoever started it is gone.
const [, , state = '', port = '', issuerPort = '', bigqueryPort = ''] = process.argv
const stack = await startLocalStack({
  state,
  port: Number(port),
  issuerPort: Number(issuerPort),
  bigqueryPort: Number(bigqueryPort),
  bigQuery: { workers: 1 },
})
const end = (): void => void stack.close().finally(() => process.exit(0))
process.once('SIGTERM', end)
process.once('disconnect', end)
process.send?.('serving')
