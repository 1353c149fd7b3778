import { expect, test } from 'vitest'

import { resolveTableName } from '../../../shared/analysis/table-name.ts'
import { formatTable } from '../../../shared/bigquery/reference.ts'
import { nameDefaults } from '../../support/analyzer-world.ts'

const defaults = nameDefaults('acme', 'warehouse.hospital')

test.each([
  [['patients'], 'warehouse.hospital.patients'],
  [['billing', 'claims'], 'warehouse.billing.claims'],
  [['acme', 'billing', 'claims'], 'acme.billing.claims'],
  [['acme-prod', 'billing', 'claims'], 'acme-prod.billing.claims'],
  [['acme.billing.claims'], 'acme.billing.claims'],
  [['acme.billing', 'claims'], 'acme.billing.claims'],
  [['acme', 'billing.claims'], 'acme.billing.claims'],
  [['billing.claims'], 'warehouse.billing.claims'],
  [['example.com:acme', 'billing', 'claims'], 'example.com:acme.billing.claims'],
  [['example.com:acme.billing.claims'], 'example.com:acme.billing.claims'],
  [['Billing', 'Claims'], 'warehouse.Billing.Claims'],
  [['claims 2024'], 'warehouse.hospital.claims 2024'],
  [['hospital', 'INFORMATION_SCHEMA', 'TABLES'], 'warehouse.hospital.INFORMATION_SCHEMA.TABLES'],
  [['acme.hospital.INFORMATION_SCHEMA.COLUMNS'], 'acme.hospital.INFORMATION_SCHEMA.COLUMNS'],
])('%j is %s', (path, expected) => {
  const result = resolveTableName(path, defaults)
  expect(result.ok ? formatTable(result.value) : result.error).toBe(expected)
})

test.each([
  ['a wildcard', ['events_*']],
  ['a wildcard in a dataset', ['hospital.events_20*']],
  ['too many parts', ['a', 'b', 'c', 'd']],
  ['an empty part', ['hospital..patients']],
  ['no name', ['']],
  ['a legacy name', ['acme:hospital.patients']],
  ['a partition of a table', ['hospital', 'patients$20240101']],
  ['a table at a time', ['hospital', 'patients@-3600000']],
  ['a back-quote', ['hospital', 'pat`ients']],
  ['a backslash', ['hospital', 'pat\\ients']],
  ['a line feed', ['hospital', 'pat\nients']],
  ['a zero-width space', ['hospital', 'pat\u200bients']],
  ['a full stop of another width', ['hospital', 'a\uff0eb']],
  ['a dataset of another script', ['h\u043espital', 'patients']],
  ['a project in capitals', ['ACME', 'hospital', 'patients']],
  ['a hidden dataset', ['_f3a0cb', 'anon1']],
  ['a session', ['_SESSION', 'temp']],
  ['a table of tables', ['hospital', '__TABLES__']],
  ['a region', ['region-us', 'INFORMATION_SCHEMA', 'TABLES']],
  ['a region in capitals', ['REGION-EU', 'INFORMATION_SCHEMA', 'TABLES']],
  ['a region of a project', ['acme', 'region-us', 'INFORMATION_SCHEMA', 'JOBS']],
  ['what may be a project', ['acme-prod', 'INFORMATION_SCHEMA', 'TABLES']],
  ['no dataset', ['INFORMATION_SCHEMA', 'TABLES']],
  ['jobs', ['hospital', 'INFORMATION_SCHEMA', 'JOBS_BY_USER']],
  ['sessions', ['hospital', 'INFORMATION_SCHEMA', 'SESSIONS']],
  ['partitions', ['hospital', 'INFORMATION_SCHEMA', 'PARTITIONS']],
  ['nothing of INFORMATION_SCHEMA', ['hospital', 'INFORMATION_SCHEMA']],
  ['too much of it', ['hospital', 'INFORMATION_SCHEMA', 'TABLES', 'x']],
  ['small letters', ['hospital', 'information_schema', 'tables']],
])('%s is not understood', (_what, path) => {
  const result = resolveTableName(path, defaults)
  expect(result).toMatchObject({ ok: false, error: { problem: 'not-understood' } })
})

test('one name without a default dataset is an error in the words of BigQuery', () => {
  expect(resolveTableName(['patients'], nameDefaults('acme'))).toEqual({
    ok: false,
    error: {
      problem: 'syntax-error',
      message: 'Table "patients" must be qualified with a dataset (e.g. dataset.table).',
    },
  })
})

test('two names without a default dataset are in the project of the request', () => {
  const result = resolveTableName(['hospital', 'patients'], nameDefaults('acme'))
  expect(result.ok && formatTable(result.value)).toBe('acme.hospital.patients')
})
