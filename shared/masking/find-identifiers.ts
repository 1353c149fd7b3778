import type { InfoType } from '../policy/mask.ts'
import type { Detect } from './detect.ts'

/** How one type of identifier is found: by its form, and by what its digits must be. */
interface Finder {
  /** Linear in the length of the text: no repetition in it can match the same characters in two ways. */
  readonly form: RegExp
  readonly holds?: (match: string) => boolean
}

const SEP = '[ .\\-\\u00a0\\u2010-\\u2015]?'

// In this order: what is found first is not found again as something shorter.
const FINDERS: Readonly<Record<InfoType, Finder>> = {
  EMAIL_ADDRESS: {
    form: /[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}/g,
  },
  IBAN_CODE: {
    form: /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])/g,
    holds: isIban,
  },
  CREDIT_CARD_NUMBER: { form: /(?<![\d])\d(?:[ \-\u00a0]?\d){11,18}(?!\d)/g, holds: isCard },
  US_SOCIAL_SECURITY_NUMBER: {
    form: new RegExp(`(?<!\\d)\\d{3}${SEP}\\d{2}${SEP}\\d{4}(?!\\d)`, 'g'),
    holds: isSocialSecurityNumber,
  },
  IP_ADDRESS: {
    form: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![\w:])/g,
    holds: isAddress,
  },
  DATE_OF_BIRTH: {
    form: /(?<!\d)(?:(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2})(?!\d)/g,
  },
  PHONE_NUMBER: {
    form: new RegExp(
      `(?<![\\d])(?:\\+\\d{1,3}${SEP})?\\(?\\d{3}\\)?${SEP}\\d{3}${SEP}\\d{4}(?!\\d)|\\+\\d(?:${SEP}\\d){6,13}(?!\\d)`,
      'g',
    ),
  },
}

const ORDER: readonly InfoType[] = [
  'EMAIL_ADDRESS',
  'IBAN_CODE',
  'CREDIT_CARD_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'IP_ADDRESS',
  'DATE_OF_BIRTH',
  'PHONE_NUMBER',
]

/** `Detect` by form and checksum, without asking anybody. */
export const findIdentifiers: Detect = (texts, infoTypes) =>
  Promise.resolve(texts.map((text) => redact(text, infoTypes)))

function redact(text: string, infoTypes: readonly InfoType[]): string {
  // Invisible characters and digits of other alphabets hide an identifier from its form only.
  const plain = plainText(text)
  let found = plain
  for (const type of ORDER.filter((each) => infoTypes.includes(each))) {
    const { form, holds } = FINDERS[type]
    found = found.replaceAll(form, (match) => replaced(match, type, holds))
  }
  return found === plain ? text : found
}

/** Most that a form takes in too much: `DE89 … 00 on Monday`, a card and its expiry. */
const MOST_TOO_MUCH = 24

/** The find in `match`: all of it, or the longest beginning of it that holds. */
function replaced(match: string, type: InfoType, holds: Finder['holds']): string {
  if (holds === undefined) return `[${type}]`
  for (let end = match.length; end > 0 && end >= match.length - MOST_TOO_MUCH; end--) {
    // A find ends where something else begins.
    const isEnd = end === match.length || /[^A-Za-z0-9]/.test(match[end] ?? '')
    if (isEnd && holds(match.slice(0, end))) return `[${type}]${match.slice(end)}`
  }
  return match
}

/** Digits of every alphabet as 0 to 9, letters of other widths as they are read, nothing invisible. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOfDigit(digit)))
    .replaceAll(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
}

/** Decimal digits of an alphabet stand in a row from 0 to 9. https://www.unicode.org/reports/tr44/#General_Category_Values */
function valueOfDigit(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (zero > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
  return (code - zero) % 10
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')

/** Luhn's check, ISO/IEC 7812-1. */
function isCard(match: string): boolean {
  const digits = digitsOf(match)
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, i) => {
      const doubled = i % 2 === 1 ? Number(digit) * 2 : Number(digit)
      return total + (doubled > 9 ? doubled - 9 : doubled)
    }, 0)
  return digits.length >= 12 && sum % 10 === 0 && !/^0+$/.test(digits)
}

/** No area 000, 666 or 9xx, no group 00, no serial 0000. https://www.ssa.gov/employer/randomization.html */
function isSocialSecurityNumber(match: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digitsOf(match))
}

/** ISO 13616: modulo 97 is 1. */
function isIban(match: string): boolean {
  const code = match.replaceAll(' ', '').toUpperCase()
  if (code.length < 15 || code.length > 34) return false
  let rest = 0
  for (const character of `${code.slice(4)}${code.slice(0, 4)}`)
    for (const digit of String(Number.parseInt(character, 36)))
      rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

function isAddress(match: string): boolean {
  return match.includes(':') || match.split('.').every((part) => Number(part) <= 255)
}
