import { InvalidArgumentError } from 'commander'

import { byteCount, duration } from '../../shared/policy/quantity.ts'

/** The id of a request, or the beginning of one. Throws commander's error, as below. */
export function id(text: string): string {
  if (!/^[a-z2-7]{6,26}$/.test(text))
    throw new InvalidArgumentError('6 to 26 of the characters a to z and 2 to 7')
  return text
}

/** A time as a policy writes it. */
export function time(text: string): string {
  if (!duration.safeParse(text).success)
    throw new InvalidArgumentError('a time such as 90s, 10m or 2h, at most 24 hours')
  return text
}

/** Bytes as a policy writes them. */
export function bytes(text: string): string {
  if (!byteCount.safeParse(text).success)
    throw new InvalidArgumentError('bytes such as 10GiB or 500MiB')
  return text
}
