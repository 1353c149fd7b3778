import { phone, socialSecurityNumber } from './people.ts'
import type { Random } from './random.ts'

/**
 * What somebody typed into a patient's file. Every eighth note or so holds what it should not: a social
 * security number, a telephone number or an address.
 */
export function note(
  random: Random,
  patient: { readonly ssn: string; readonly email: string },
): string {
  const ordinary = random.pick(ORDINARY)
  if (random.chance(0.12)) return `${ordinary} ${revealing(random, patient)}`
  return random.chance(0.3) ? `${ordinary} ${random.pick(ORDINARY)}` : ordinary
}

function revealing(
  random: Random,
  { ssn, email }: { readonly ssn: string; readonly email: string },
): string {
  const other = socialSecurityNumber(random)
  return random.pick([
    `Identity confirmed by SSN ${ssn}.`,
    `Chart was filed under the wrong SSN (${other}), corrected.`,
    `Spouse insured under ${other.replaceAll('-', '')}.`,
    `Daughter is the emergency contact, call ${phone(random)} after 6 pm.`,
    `Left voicemail at ${phone(random).replace('(', '').replace(') ', '-')}, no answer.`,
    `Prefers results by e-mail to ${email}.`,
    `Send discharge letter to billing.${random.between(10, 99)}@example.org.`,
  ])
}

const ORDINARY = [
  'Allergic to penicillin.',
  'Follow up in six weeks.',
  'Lives alone, home care arranged.',
  'Needs an interpreter (Spanish).',
  'Needs an interpreter (Vietnamese).',
  'No known allergies.',
  'Non-smoker, exercises twice a week.',
  'Prefers morning appointments.',
  'Reports occasional dizziness when standing up.',
  'Uses a wheelchair, book ground-floor rooms.',
  'Vaccinations up to date.',
  'Wears hearing aids on both sides.',
]
