import type { GoogleSqlServer } from './server.ts'

/** A `LanguageOptionsProto`: which SQL GoogleSQL accepts. */
export interface LanguageOptions {
  readonly name_resolution_mode: 'NAME_RESOLUTION_DEFAULT'
  readonly product_mode: 'PRODUCT_EXTERNAL'
  readonly enabled_language_features: readonly string[]
  readonly reserved_keywords: readonly string[]
  readonly supported_statement_kinds: readonly string[]
}

/** In BigQuery, but "in development" in the release of GoogleSQL that we run. */
const ADDED = [
  'FEATURE_ALTER_COLUMN_SET_DATA_TYPE',
  'FEATURE_ALTER_VIEWS_ALTER_COLUMN_SET_OPTIONS',
  'FEATURE_ANONYMIZATION',
  'FEATURE_CLONE_DATA',
  'FEATURE_CREATE_EXTERNAL_TABLE_WITH_PARTITION_COLUMNS',
  'FEATURE_CREATE_TABLE_CLONE',
  'FEATURE_CREATE_TABLE_WITH_CONNECTION',
  'FEATURE_CREATE_VIEWS_WITH_COLUMN_OPTIONS',
  'FEATURE_DIFFERENTIAL_PRIVACY',
  'FEATURE_EXTERNAL_SECURITY_PROCEDURE',
  'FEATURE_INTERVAL_TYPE',
  'FEATURE_INVERSE_TRIG_FUNCTIONS',
  'FEATURE_NON_SQL_PROCEDURE',
  'FEATURE_TIME_BUCKET_FUNCTIONS',
  'FEATURE_V_1_3_COLLATION_SUPPORT',
  'FEATURE_V_1_4_CREATE_FUNCTION_LANGUAGE_WITH_CONNECTION',
  'FEATURE_V_1_4_CREATE_MODEL_WITH_ALIASED_QUERY_LIST',
  'FEATURE_V_1_4_GROUPING_BUILTIN',
  'FEATURE_V_1_4_GROUPING_SETS',
  'FEATURE_V_1_4_LIKE_ANY_SOME_ALL_ARRAY',
  'FEATURE_V_1_4_LIKE_ANY_SOME_ALL_SUBQUERY',
  'FEATURE_V_1_4_REMOTE_MODEL',
]

/** In GoogleSQL, but not in BigQuery: there such SQL is an error, or means something else. */
const REMOVED = new Set([
  'FEATURE_AGGREGATION_THRESHOLD',
  'FEATURE_EXPERIMENTAL_MODULES',
  // BigQuery's timestamps are microseconds.
  'FEATURE_TIMESTAMP_NANOS',
  // Table paths like `/span/user:table`.
  'FEATURE_V_1_3_ALLOW_SLASH_PATHS',
  'FEATURE_V_1_3_PROTO_MAPS',
  'FEATURE_V_1_3_WITH_GROUP_ROWS',
])

/**
 * The options that make this GoogleSQL read SQL as BigQuery does: all finished features and statement
 * kinds, without Google-internal types (`PRODUCT_EXTERNAL`) and with `QUALIFY` reserved. The list of
 * features is asked of the binary, so it belongs to the version that runs. Rejects as `call` does.
 */
export async function bigQueryLanguageOptions(
  call: GoogleSqlServer['call'],
): Promise<LanguageOptions> {
  const reply = await call('GetLanguageOptions', { maximum_features: true })
  const features = reply['enabled_language_features']
  if (!Array.isArray(features)) throw new Error('GoogleSQL listed no language features')
  const finished = features.map(String).filter((feature) => !REMOVED.has(feature))
  return {
    name_resolution_mode: 'NAME_RESOLUTION_DEFAULT',
    product_mode: 'PRODUCT_EXTERNAL',
    enabled_language_features: [...finished, ...ADDED],
    reserved_keywords: ['QUALIFY'],
    // Empty means all.
    supported_statement_kinds: [],
  }
}
