/** Where in Cloud Storage a log is. */
export interface Place {
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
}

const NAME = '[A-Za-z0-9_-][A-Za-z0-9._-]*'
const PATH = new RegExp(`^${NAME}(?:/${NAME})*$`)
const PLACE = new RegExp(`^([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:/(${NAME}(?:/${NAME})*))?$`)

/** The place that `BUCKET` or `BUCKET/PREFIX` names. Throws `TypeError` for anything else. */
export function parsePlace(text: string): Place {
  const [, bucket, prefix] = PLACE.exec(text) ?? []
  if (bucket === undefined) throw new TypeError(`no bucket, nor a prefix in one: \`${text}\``)
  return { bucket, prefix: prefix === undefined ? '' : `${prefix}/` }
}

/**
 * The name of the object of a path. Throws `TypeError` for a path that is not names of letters, digits, dots, hyphens and
 * underscores, none of which starts with a dot: a folder would not take it either.
 */
export function nameOf({ prefix }: Place, path: string): string {
  if (!PATH.test(path)) throw new TypeError(`no path of a log: \`${path}\``)
  return `${prefix}${path}`
}
