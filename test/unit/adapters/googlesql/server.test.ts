import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { GoogleSqlError } from '../../../../shared/adapters/googlesql/googlesql-error.ts'
import {
  type GoogleSqlServer,
  startGoogleSql,
} from '../../../../shared/adapters/googlesql/server.ts'

let server: GoogleSqlServer

beforeAll(async () => {
  server = await startGoogleSql()
})

afterAll(() => server.close())

test('a reply is plain: snake case, names for enums, the tag of each oneof, nothing that is not set', async () => {
  const reply = await server.call('Parse', { sql_statement: 'SELECT 1', options: {} })
  expect(reply).toMatchObject({
    result: 'parsed_statement',
    parsed_statement: { node: 'ast_query_statement_node' },
  })
  expect(reply).not.toHaveProperty('resume_byte_position')
})

test('int64 comes and goes as text', async () => {
  const options = { maximum_features: true }
  const language = await server.call('GetLanguageOptions', options)
  const query = {
    sql: 'SELECT 9007199254740993 + @n AS sum',
    options: {
      language_options: language,
      query_parameters: [{ name: 'n', type: { type_kind: 'TYPE_INT64' } }],
    },
    simple_catalog: { builtin_function_options: { language_options: language } },
    params: [{ name: 'n', value: { int64_value: '2' } }],
  }
  const reply = await server.call('EvaluateQuery', query)
  expect(JSON.stringify(reply)).toContain('"int64_value":"9007199254740995"')
})

test('a sum of 500 terms is not nested too deeply to be read', async () => {
  const sql = `SELECT 1${' + 1'.repeat(500)}`
  await expect(server.call('Parse', { sql_statement: sql, options: {} })).resolves.toBeDefined()
})

test('what GoogleSQL says about the SQL is an error with its code', async () => {
  const refused = server.call('FormatSql', { sql: 'SELEC 1' })
  await expect(refused).rejects.toBeInstanceOf(GoogleSqlError)
  await expect(refused).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Unexpected identifier "SELEC" [at 1:1]'),
  })
})

test('a method that GoogleSQL does not have is an error, and so is one that streams', async () => {
  for (const method of ['Nonsense', 'EvaluateStream', 'constructor']) {
    await expect(server.call(method, {})).rejects.toMatchObject({ code: 'UNIMPLEMENTED' })
  }
})

test('a call fails when its deadline passes', async () => {
  await expect(
    server.call('FormatSql', { sql: 'SELECT 1' }, { timeoutMs: 0 }),
  ).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
})

test('an error message too long for a header is an outage, not an error for ever', async () => {
  const other = await startGoogleSql()
  const sql = `${'BEGIN '.repeat(1_000)}SELECT 1;${' END;'.repeat(1_000)}`
  await expect(other.call('FormatSql', { sql })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  other.close()
})

test('close ends the process, and calls after it fail', async () => {
  const other = await startGoogleSql()
  other.close()
  other.close()
  await other.exited
  await expect(other.call('FormatSql', { sql: 'SELECT 1' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
})

test('without a descriptor, the error names the remedy', async () => {
  const descriptor = join(import.meta.dirname, 'none.json')
  await expect(startGoogleSql({ descriptor })).rejects.toThrow('run `npm run prepare`')
})

test.each(['/nowhere/remote_server', '/bin/true'])(
  'a binary that does not listen: %s',
  async (binary) => {
    await expect(startGoogleSql({ binary })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('GoogleSQL did not start'),
    })
  },
)
