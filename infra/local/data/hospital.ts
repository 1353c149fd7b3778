import { type Condition, conditions } from './conditions.ts'
import { note } from './notes.ts'
import { address, day, person, socialSecurityNumber } from './people.ts'
import { type Random, seeded } from './random.ts'

/** The rows of the tables of `acme.hospital`, and of the payroll of its staff. */
export interface Hospital {
  readonly patients: readonly object[]
  readonly encounters: readonly object[]
  readonly claims: readonly object[]
  readonly staff: readonly object[]
  readonly payroll: readonly object[]
}

const PATIENTS = 600
const ENCOUNTERS = 1_300
const STAFF = 60

/** The same hospital every time. */
export function hospital(): Hospital {
  const encounters = rows(ENCOUNTERS, 20_000, encounter)
  return {
    patients: rows(PATIENTS, 10_000, patient),
    encounters,
    claims: encounters.flatMap((each) => claims(seeded(30_000 + each.id), each)),
    staff: rows(STAFF, 40_000, employee),
    payroll: rows(STAFF, 50_000, salary),
  }
}

/** Each row has a seed of its own, so that a change to one table leaves the others as they are. */
function rows<T>(
  count: number,
  seed: number,
  row: (random: Random, id: number) => T,
): readonly T[] {
  return Array.from({ length: count }, (_, index) => row(seeded(seed + index), index + 1))
}

function patient(random: Random, id: number): object {
  const ssn = socialSecurityNumber(random)
  const { name, email, phone } = person(random, id)
  return {
    id,
    name,
    ssn,
    email: random.chance(0.08) ? null : email,
    phone,
    birth_date: day(random, 1932, 2022),
    address: address(random),
    notes: random.chance(0.1) ? null : note(random, { ssn, email }),
  }
}

interface Encounter {
  readonly id: number
  readonly patient_id: number
  readonly staff_id: number
  readonly kind: string
  readonly admitted_at: string
  readonly discharged_at: string | null
  readonly diagnoses: readonly object[]
}

function encounter(random: Random, id: number): Encounter {
  const kind = random.pick(['outpatient', 'outpatient', 'inpatient', 'emergency'])
  const admitted =
    Date.parse(`${day(random, 2024, 2025)}T00:00:00Z`) + random.between(24, 91) * 900_000
  const stay = kind === 'inpatient' ? random.between(20, 240) : random.between(1, 7)
  const found = [random.pick(conditions), random.pick(conditions)].slice(0, random.between(1, 2))
  return {
    id,
    patient_id: random.between(1, PATIENTS),
    staff_id: random.between(1, STAFF),
    kind,
    admitted_at: timestamp(admitted),
    discharged_at: random.chance(0.02) ? null : timestamp(admitted + stay * 3_600_000),
    diagnoses: found.map((condition, index) => diagnosis(random, condition, index === 0)),
  }
}

function diagnosis(
  random: Random,
  { code, description, measures }: Condition,
  primary: boolean,
): object {
  return {
    code,
    description,
    primary,
    certainty: random.between(60, 100) / 100,
    observations: measures.map(({ name, unit, low, high }) => ({
      name,
      value: `${random.between(low, high - 1)}.${random.between(1, 9)}`,
      unit,
    })),
  }
}

/** Most encounters lead to one claim, some to two, a few to none. */
function claims(random: Random, { id, patient_id, admitted_at }: Encounter): readonly object[] {
  const count = random.chance(0.05) ? 0 : random.chance(0.15) ? 2 : 1
  return Array.from({ length: count }, (_, index) => {
    const status = random.pick(['paid', 'paid', 'paid', 'submitted', 'denied'])
    const submitted = Date.parse(admitted_at) + random.between(3, 40) * 86_400_000
    const paid = submitted + random.between(5, 60) * 86_400_000
    return {
      id: id * 10 + index,
      encounter_id: id,
      patient_id,
      payer: random.pick(['Alder Health', 'Birch Mutual', 'Cedar Care', 'Medicare', 'self-pay']),
      amount: `${random.between(80, 18_000)}.${String(random.between(0, 99)).padStart(2, '0')}`,
      status,
      submitted_on: timestamp(submitted).slice(0, 10),
      paid_at: status === 'paid' ? timestamp(paid) : null,
    }
  })
}

function employee(random: Random, id: number): object {
  const { name, email } = person(random, id)
  return {
    id,
    name,
    email,
    role: random.pick(['nurse', 'nurse', 'physician', 'physician', 'technician', 'registrar']),
    department: random.pick(['cardiology', 'emergency', 'maternity', 'oncology', 'surgery']),
    hired_on: day(random, 2004, 2024),
    on_call: random.chance(0.25),
  }
}

function salary(random: Random, staff_id: number): object {
  const gross = random.between(4_100, 19_500)
  return {
    staff_id,
    month: '2025-06-01',
    gross: `${gross}.00`,
    net: `${Math.round(gross * 0.71)}.00`,
    account: `000000000-${String(random.between(1, 99_999_999)).padStart(8, '0')}`,
  }
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z')
}
