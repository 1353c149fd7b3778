import { startGoogleSql } from '../../shared/adapters/googlesql/server.ts'

/** Starts a GoogleSQL server, says so, and ends in the way its argument names, or stays. */
await startGoogleSql()
process.stdout.write('started\n')
const [, , ending] = process.argv
if (ending === 'exit') process.exit(0)
if (ending === 'throw') throw new Error('uncaught')
if (ending === 'stay') setInterval(() => {}, 1_000)
