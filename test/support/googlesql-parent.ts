import { startGoogleSql } from '../../shared/adapters/googlesql/server.ts'

/** Starts a GoogleSQL server, says so, and ends in the way its argument names, or stays. */
await startGoogleSql()
process.stdout.write('started\n')
switch (process.argv[2]) {
  case 'exit':
    process.exit(0)
  // eslint-disable-next-line no-fallthrough -- process.exit does not return
  case 'throw':
    throw new Error('uncaught')
  case 'return':
    break
  default:
    setInterval(() => {}, 1_000)
}
