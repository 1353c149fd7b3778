/** Methods BigQuery has and Sluice does not, below `/bigquery/v2`, so that a refusal can say which. */
const patterns: readonly (readonly [method: string, verb: RegExp, path: RegExp, hint: string])[] = [
  ['uploads', /./, /^\/(resumable\/)?upload\//, 'load data with a pipeline of your own'],
  ['batch requests', /./, /^\/batch(\/|$)/, 'send one request at a time'],
  ['tabledata.insertAll', /POST/, /\/tables\/[^/]+\/insertAll$/, 'write with an INSERT statement'],
  [
    'IAM methods',
    /POST/,
    /:(get|set|test)Iam(Policy|Permissions)$/,
    'rights are given in the policy file',
  ],
  ['jobs.delete', /DELETE/, /\/jobs\/[^/]+(\/delete)?$/, 'jobs are part of the record'],
  [
    'changes to tables',
    /POST|PUT|PATCH|DELETE/,
    /\/datasets\/[^/]+\/tables(\/|$)/,
    'use a DDL statement',
  ],
  [
    'changes to routines',
    /POST|PUT|PATCH|DELETE/,
    /\/datasets\/[^/]+\/routines(\/|$)/,
    'use BigQuery itself',
  ],
  ['models', /./, /\/datasets\/[^/]+\/models(\/|$)/, 'use BigQuery itself'],
  ['row access policies', /./, /\/rowAccessPolicies(\/|$)/, 'rights are given in the policy file'],
  ['changes to datasets', /POST|PUT|PATCH|DELETE/, /\/datasets(\/[^/]+)?$/, 'use BigQuery itself'],
]

/** The BigQuery method behind a request that Sluice does not serve, with a hint; undefined if none. */
export function notOffered(
  verb: string,
  path: string,
): { readonly what: string; readonly hint: string } | undefined {
  const below = path.replace(/^\/bigquery\/v2(?=\/)/, '')
  const found = patterns.find(([, verbs, paths]) => verbs.test(verb) && paths.test(below))
  return found && { what: found[0], hint: found[3] }
}
