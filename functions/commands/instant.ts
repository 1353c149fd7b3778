import { InvalidArgumentError } from 'commander'

/** A time as options give it, in RFC 3339 and UTC. Throws commander's error. */
export function instant(text: string): string {
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : NaN
  if (Number.isNaN(at))
    throw new InvalidArgumentError('a time such as 2026-11-21T09:00:00Z, or a day')
  return new Date(at).toISOString()
}
