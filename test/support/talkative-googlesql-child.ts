import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'

import { startGoogleSql } from '../../shared/adapters/googlesql/server.ts'

// Started by a test with gRPC told to print everything: asks about statements that GoogleSQL quotes in its answers, and
// about the second of them once gRPC prints again.
const server = await startGoogleSql()
const ask = (value: string) =>
  server
    .call('ExtractTableNamesFromStatement', { sql_statement: `SELECT 'a' '${value}' FROM` })
    .catch(String)
const said = await ask('canary of a patient')
setLogVerbosity(logVerbosity.DEBUG)
await ask('nobody')
process.send?.(said)
server.close()
process.disconnect()
