import { expect, test } from 'vitest'

import { findIdentifiers } from '../../../shared/masking/find-identifiers.ts'
import { type InfoType, infoTypes } from '../../../shared/policy/mask.ts'

const find = async (text: string, types: readonly InfoType[] = infoTypes) =>
  (await findIdentifiers([text], types))[0]

test.each([
  ['call 312-555-0142 or +1 (312) 555-0142', 'call [PHONE_NUMBER] or [PHONE_NUMBER]'],
  ['SSN 123-45-6789.', 'SSN [US_SOCIAL_SECURITY_NUMBER].'],
  ['SSN 123 45 6789', 'SSN [US_SOCIAL_SECURITY_NUMBER]'],
  ['SSN 123456789', 'SSN [US_SOCIAL_SECURITY_NUMBER]'],
  ['\uff11\uff12\uff13-45-6789', '[US_SOCIAL_SECURITY_NUMBER]'],
  ['12\u200b3-45-67\u200d89', '[US_SOCIAL_SECURITY_NUMBER]'],
  ['area 000-12-3456, 666-12-3456, 900-12-3456', 'area 000-12-3456, 666-12-3456, 900-12-3456'],
  ['card 4111 1111 1111 1111', 'card [CREDIT_CARD_NUMBER]'],
  ['no card 4111 1111 1111 1112', 'no card 4111 1111 1111 1112'],
  ['write to Ana.Diaz+x@mail.example.org!', 'write to [EMAIL_ADDRESS]!'],
  ['from 192.0.2.7 not 999.0.2.7', 'from [IP_ADDRESS] not 999.0.2.7'],
  ['pays from DE89 3704 0044 0532 0130 00', 'pays from [IBAN_CODE]'],
  ['pays from DE89 3704 0044 0532 0130 00 on Monday', 'pays from [IBAN_CODE] on Monday'],
  ['card 4111 1111 1111 1111 12/27', 'card [CREDIT_CARD_NUMBER] 12/27'],
  ['\u0661\u0662\u0663-\u0664\u0665-\u0666\u0667\u0668\u0669', '[US_SOCIAL_SECURITY_NUMBER]'],
  ['not DE88 3704 0044 0532 0130 00', 'not DE88 3704 0044 0532 0130 00'],
  ['born 1966-03-04 or 3/4/1966', 'born [DATE_OF_BIRTH] or [DATE_OF_BIRTH]'],
  ['nothing to see, room 12, 38.5 °C', 'nothing to see, room 12, 38.5 °C'],
  ['', ''],
])('%s', async (text, expected) => {
  expect(await find(text)).toBe(expected)
})

test('only what is asked for is looked for', async () => {
  expect(await find('123-45-6789 a@b.example', ['EMAIL_ADDRESS'])).toBe(
    '123-45-6789 [EMAIL_ADDRESS]',
  )
})

test('hostile text takes no longer than any', async () => {
  const hostile = [
    '1'.repeat(200_000),
    '1 '.repeat(100_000),
    'a@'.repeat(100_000),
    'a.'.repeat(100_000),
    `a@${'b.'.repeat(100_000)}`,
    'DE89 '.repeat(40_000),
    '1-'.repeat(100_000),
  ]
  // Quadratic in their length these would take minutes.
  const found = await findIdentifiers(hostile, infoTypes)
  expect(found).toHaveLength(hostile.length)
})
