import { decodeBase64 } from '../../tlog/base64.ts'
import { commitmentOf, deliveryDigest } from '../private-part.ts'
import type { PrivateLine } from './bundle-line.ts'
import { parseCanonical } from './canonical.ts'
import type { CheckedPrivate } from './checked-line.ts'
import { type Outline, factsOf } from './entry-facts.ts'
import { type Problem, broken, entryAt, quoted } from './problem.ts'
import { maybe, members, text } from './shapes.ts'

const SALT_BYTES = 32

/** Private facts beside the entry on the line before; undefined for no entry there. FORMAT.md §3. */
export function checkPrivate(
  { id, facts, salt }: PrivateLine,
  number: number,
  before: Outline | undefined,
): CheckedPrivate {
  const problem = problemOf({ id, facts, salt }, before)
  return { is: 'private', line: number, problems: problem === undefined ? [] : [problem] }
}

function problemOf(
  { id, facts, salt }: Pick<PrivateLine, 'id' | 'facts' | 'salt'>,
  before: Outline | undefined,
): Problem | undefined {
  const say = (kind: string, words: string) => broken(kind, { id }, words)
  const subject = entryAt({ id })
  if (before === undefined || before.id !== id || before.private === undefined)
    return say('private-out-of-place', `private facts of ${subject} do not come after that entry`)
  const value = parseCanonical(facts)
  if (!isDelivered(value))
    return say('private-malformed', `the private facts of ${subject} are not canonical JSON`)
  const bytes = Buffer.from(facts)
  const salted = decodeBase64(salt)
  const { commitment, length } = before.private
  if (
    salted?.length !== SALT_BYTES ||
    bytes.length !== length ||
    commitmentOf(salted, bytes) !== commitment
  )
    return say('private-changed', `the private facts of ${subject} are not those it commits to`)
  const of = factsOf(before.type, before)
  const delivery = of?.type === 'page' || of?.type === 'outcome' ? of.delivery : undefined
  if (delivery === undefined || value.body === undefined || value.bodySalt === undefined)
    return undefined
  const body = decodeBase64(value.body)
  const bodySalt = decodeBase64(value.bodySalt)
  const isDelivery =
    body?.length === delivery.bytes &&
    bodySalt?.length === SALT_BYTES &&
    deliveryDigest(bodySalt, body) === delivery.digest
  return isDelivery
    ? undefined
    : say('body-changed', `the body kept of ${quoted(id)} is not the one that was delivered`)
}

const isDelivered = members({ body: maybe(text), bodySalt: maybe(text) })
