import { expect, test } from 'vitest'

import { methods } from '../../../shared/bigquery/methods.ts'
import { notOffered } from '../../../shared/gateway/not-offered.ts'

const P = '/projects/acme'
const D = `${P}/datasets/hospital`

test.each([
  ['POST', '/upload/bigquery/v2/projects/acme/jobs', 'uploads'],
  ['PUT', '/upload/bigquery/v2/projects/acme/jobs', 'uploads'],
  ['POST', '/resumable/upload/bigquery/v2/projects/acme/jobs', 'uploads'],
  ['POST', '/bigquery/v2/upload/bigquery/v2/projects/acme/jobs', 'uploads'],
  ['POST', '/batch/bigquery/v2', 'batch requests'],
  ['POST', '/batch', 'batch requests'],
  ['POST', `${D}/tables/t/insertAll`, 'tabledata.insertAll'],
  ['POST', `${D}/tables/t:getIamPolicy`, 'IAM methods'],
  ['POST', `${D}/tables/t:setIamPolicy`, 'IAM methods'],
  ['POST', `${D}/tables/t:testIamPermissions`, 'IAM methods'],
  ['POST', `${D}:setIamPolicy`, 'IAM methods'],
  ['DELETE', `${P}/jobs/j/delete`, 'jobs.delete'],
  ['POST', `${D}/tables`, 'changes to tables'],
  ['PATCH', `${D}/tables/t`, 'changes to tables'],
  ['PUT', `${D}/tables/t`, 'changes to tables'],
  ['DELETE', `${D}/tables/t`, 'changes to tables'],
  ['POST', `${D}/routines`, 'changes to routines'],
  ['DELETE', `${D}/routines/r`, 'changes to routines'],
  ['GET', `${D}/models`, 'models'],
  ['DELETE', `${D}/models/m`, 'models'],
  ['GET', `${D}/tables/t/rowAccessPolicies`, 'row access policies'],
  ['POST', `${P}/datasets`, 'changes to datasets'],
  ['PATCH', D, 'changes to datasets'],
  ['DELETE', D, 'changes to datasets'],
])('%s %s is one of %s', (verb, path, what) => {
  const found = notOffered(verb, path)
  expect(found).toMatchObject({ what })
  expect(found?.hint).toMatch(/^[a-z].{10,}[^.]$/)
  if (path.startsWith('/bigquery/')) return
  expect(notOffered(verb, `/bigquery/v2${path}`)).toEqual(found)
})

test.each([
  ['GET', '/'],
  ['GET', '/mcp'],
  ['GET', '/robots.txt'],
  ['GET', '/discovery/v1/apis/bigquery/v2/rest'],
  ['GET', `${P}/unheard/of`],
  ['GET', '/bigquery/v3/projects'],
  ['OPTIONS', D],
])('%s %s is nothing BigQuery has either', (verb, path) => {
  expect(notOffered(verb, path)).toBeUndefined()
})

test('nothing that is offered is said not to be', () => {
  for (const { httpMethod, path } of methods)
    expect(notOffered(httpMethod, `/${path.replaceAll(/\{\+(\w+)\}/g, 'x')}`)).toBeUndefined()
})
