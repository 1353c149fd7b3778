import { expect, test } from 'vitest'

import { routeTemplate } from '../../../functions/telemetry/route-template.ts'
import { methods } from '../../../shared/bigquery/methods.ts'

test.each(methods)('$method has a route of its own, with the prefix and without', ({ path }) => {
  const asked = path.replaceAll(/\{\+\w+\}/g, 'somebody%20s')
  const template = `/bigquery/v2/${path.replaceAll('{+', '{')}`
  expect(routeTemplate(`/bigquery/v2/${asked}`)).toBe(template)
  expect(routeTemplate(`/${asked}`)).toBe(template)
})

test.each([
  ['/', '/'],
  ['/readyz', '/readyz'],
  ['/v1/token', '/v1/token'],
  ['/v1/approvals', '/v1/approvals/*'],
  ['/v1/approvals/x/approve', '/v1/approvals/*'],
  ['/v1/calls/x', '/v1/*'],
  ['/log/tile/0/x001/234', '/log/*'],
  ['/console/sessions/x', '/console/*'],
  ['/slack/interactivity', '/slack/interactivity'],
])('%s is served as %s', (path, template) => {
  expect(routeTemplate(path)).toBe(template)
})

test.each([
  '',
  '/x',
  '/readyz/x',
  '/logx',
  '/bigquery/v2/projects/x/secrets',
  '/bigquery/v2/projects/x/queries/y/z',
  '//projects/x/queries',
])('%s is nobody’s, and nothing of it is told', (path) => {
  expect(routeTemplate(path)).toBeUndefined()
})
