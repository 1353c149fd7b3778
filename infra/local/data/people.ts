import type { Random } from './random.ts'

/** Somebody made up. */
export interface Person {
  readonly name: string
  readonly email: string
  readonly phone: string
}

/** Nobody's name, at an address and a number that nobody can have. */
export function person(random: Random, number: number): Person {
  const first = random.pick(FIRST)
  const last = random.pick(LAST)
  const host = random.pick(['example.com', 'example.org'])
  return {
    name: `${first} ${last}`,
    email: `${first}.${last}${number}@${host}`.toLowerCase().replaceAll(/[' ]/g, ''),
    phone: phone(random),
  }
}

/** A number between 555-0100 and 555-0199, which are kept for fiction. */
export function phone(random: Random): string {
  const area = random.pick(['206', '312', '415', '503', '512', '617', '646', '720'])
  return `(${area}) 555-01${String(random.between(0, 99)).padStart(2, '0')}`
}

/** A social security number that is never issued: area 900 to 999, and a group that no ITIN has. */
export function socialSecurityNumber(random: Random): string {
  const serial = String(random.between(1, 9999)).padStart(4, '0')
  return `${random.between(900, 999)}-${random.between(10, 49)}-${serial}`
}

/** A day between the two years, as `2024-01-31`. */
export function day(random: Random, firstYear: number, lastYear: number): string {
  const first = Date.UTC(firstYear, 0, 1)
  const last = Date.UTC(lastYear, 11, 31)
  const days = random.between(0, (last - first) / 86_400_000)
  return new Date(first + days * 86_400_000).toISOString().slice(0, 10)
}

/** A house in a town of one of ten states. */
export function address(random: Random): Readonly<Record<string, string>> {
  const [city, state, zip] = random.pick(CITIES)
  const street = `${random.between(1, 9899)} ${random.pick(STREETS)}`
  return { street, city, state, zip: `${zip}${String(random.between(1, 99)).padStart(2, '0')}` }
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const FIRST = words(`
  Aaliyah Abel Amara Anders Anita Arjun Beatriz Bilal Carmen Chen Clara Daniel Deepa Dmitri Eleni Emma
  Farid Fatima Felix Grace Hana Hugo Ines Isaac Jamal Jin Katya Kofi Laila Leon Lucia Malik Marta Mei
  Miguel Nadia Noah Olga Omar Priya Rafael Rosa Samir Sofia Tariq Uma Viktor Wanda Yusuf Zoe`)
const LAST = words(`
  Abbott Ahmed Alvarez Baker Bauer Brooks Castro Cohen Costa Diaz Dubois Eriksen Fischer Garcia Gupta
  Haddad Hansen Ivanova Jackson Kaur Khan Kim Kowalski Lee Lopez Mbeki Moreau Murphy Nakamura Nguyen
  O'Brien Okafor Osei Patel Pereira Reyes Rossi Santos Schmidt Silva Singh Tanaka Torres Walker Wang
  Weber Williams Wright Yilmaz Zhang`)
const STREETS = words(`
  Alder_Street Birch_Avenue Canal_Road Dock_Lane Elm_Street Foundry_Way Garden_Court Harbor_Drive
  Juniper_Lane Lake_Street Maple_Avenue Park_Place`).map((street) => street.replace('_', ' '))
const CITIES = [
  ['Seattle', 'WA', '981'],
  ['Portland', 'OR', '972'],
  ['Chicago', 'IL', '606'],
  ['Austin', 'TX', '787'],
  ['Boston', 'MA', '021'],
  ['Denver', 'CO', '802'],
  ['Oakland', 'CA', '946'],
  ['Brooklyn', 'NY', '112'],
  ['Savannah', 'GA', '314'],
  ['Duluth', 'MN', '558'],
] as const
