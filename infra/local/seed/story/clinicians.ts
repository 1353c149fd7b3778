import type { Random } from '../../data/random.ts'
import { carla } from '../actors.ts'
import { type StretchScript, stretchOf } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** Carla on her rounds: the data of the patients she treats, as they are. */
export const clinicians: Chapter = (random) =>
  [
    round(random, '06:45:10', 10),
    round(random, '13:42:30', 8),
    round(random, '18:21:05', 6),
  ].flatMap(({ steps }) => steps)

function round(random: Random, from: string, patients: number): StretchScript {
  const script = stretchOf(carla, from, { random, pace: [15, 70], address: '10.20.4.31' })
  for (let n = 0; n < patients; n += 1) {
    const id = random.between(1, 600)
    script.query(
      `SELECT name, birth_date, phone, notes FROM acme.hospital.patients WHERE id = ${id}`,
    )
    script.query(
      `SELECT kind, admitted_at, discharged_at FROM acme.hospital.encounters WHERE patient_id = ${id} ORDER BY admitted_at DESC LIMIT 5`,
    )
    // The insurance asks for it.
    if (n % 3 === 1)
      script.query(`SELECT name, ssn, address.zip FROM acme.hospital.patients WHERE id = ${id}`)
    script.pause(random.between(60, 400))
  }
  return script
}
