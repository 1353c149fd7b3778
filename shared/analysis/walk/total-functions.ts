/**
 * Functions that fail for no value, whatever it is: all their arguments may be secret. A function that is
 * not listed, here or below, may fail for any of them.
 */
const TOTAL = new Set(
  `
  $and $between $case_no_value $case_with_value $distinct $equal $extract $extract_date $extract_datetime
  $extract_time $greater $greater_or_equal $in $in_array $is_distinct_from $is_false
  $is_not_distinct_from $is_null $is_true $less $less_or_equal $not $not_equal $or $make_array
  $safe_array_at_offset $safe_array_at_ordinal
  any_value approx_count_distinct array_concat array_length array_reverse array_to_string ascii
  byte_length char_length character_length coalesce concat count countif cume_dist date_diff dense_rank
  ends_with farm_fingerprint first_value greatest ieee_divide if ifnull is_inf is_nan lag last_value lead least
  length logical_and logical_or lower ltrim max md5 min nullif octet_length percent_rank rank reverse
  row_number rtrim safe_add safe_convert_bytes_to_string safe_divide safe_multiply safe_negate
  safe_subtract sha1 sha256 sha512 soundex starts_with string_agg strpos to_base32 to_base64 to_hex
  to_json_string trim typeof unicode unix_date upper
  `.match(/\S+/g),
)

/** Functions that fail only for what other arguments than these are. */
const PARTLY: Readonly<Record<string, readonly number[]>> = {
  $like: [0],
  array_agg: [0],
  format_date: [1],
  format_datetime: [1],
  format_time: [1],
  format_timestamp: [1],
  instr: [0, 1],
  json_extract: [0],
  json_extract_array: [0],
  json_extract_scalar: [0],
  json_extract_string_array: [0],
  json_query: [0],
  json_query_array: [0],
  json_value: [0],
  json_value_array: [0],
  left: [0],
  regexp_contains: [0],
  regexp_extract: [0],
  regexp_extract_all: [0],
  regexp_instr: [0],
  regexp_replace: [0],
  replace: [0, 1, 2],
  right: [0],
  split: [0, 1],
  substr: [0, 1],
}

/** The positions of arguments whose value never makes the function fail. */
export function totalArguments(name: string): readonly number[] | 'all' {
  return TOTAL.has(name) ? 'all' : (PARTLY[name] ?? [])
}
