import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { JobRecord, Jobs } from '../../shared/recording/job.ts'
import { sampleJob } from '../support/sample-entries.ts'
import type { OpenStore } from './entry-store.ts'

/** What every `Jobs` promises. Each call opens an empty one. */
export function jobsContract(open: () => Promise<OpenStore<Jobs>>): void {
  describe('jobs', () => {
    let store: OpenStore<Jobs>
    let jobs: Jobs
    beforeAll(async () => {
      store = await open()
      jobs = store.port
    })
    afterAll(() => store.close())

    test('a job is found once it was claimed', async () => {
      const job = sampleJob({ jobId: 'found' })
      await expect(jobs.claim(job)).resolves.toBe('claimed')
      await expect(jobs.find('acme', 'found')).resolves.toEqual(job)
    })

    test('a job without location comes back without', async () => {
      const job = sampleJob({ jobId: 'nowhere', location: undefined, dryRun: true })
      await jobs.claim(job)
      expect(await jobs.find('acme', 'nowhere')).toEqual(JSON.parse(JSON.stringify(job)))
    })

    test('a job keeps what its result leaves under, however much that is', async () => {
      const release = {
        governed: true,
        maximumRows: 100,
        masks: [
          {
            path: [1, 0],
            name: 'visits.notes',
            mask: { kind: 'detect', infoTypes: ['EMAIL_ADDRESS'] },
            columns: ['acme.hospital.patients.visits.notes'],
          },
          {
            path: [2],
            name: 'ssn',
            mask: { kind: 'expression', expression: 'LAST_FOUR_CHARACTERS' },
            columns: ['acme.hospital.patients.ssn'],
          },
          { path: [3], name: 'n', mask: { kind: 'small-count', below: 5 }, columns: [] },
        ],
        outputs: [
          {
            name: 'visits',
            type: {
              kind: 'ARRAY',
              element: {
                kind: 'STRUCT',
                fields: [{ name: '', type: { kind: 'RANGE', element: { kind: 'DATE' } } }],
              },
            },
          },
          ...Array.from({ length: 10_000 }, (_, n) => ({
            name: `a_column_with_a_long_name_${n}`,
            type: { kind: 'STRING' as const },
          })),
        ],
      } as const satisfies JobRecord['release']
      const job = sampleJob({ jobId: 'governed', release })
      await expect(jobs.claim(job)).resolves.toBe('claimed')
      await expect(jobs.claim({ ...job })).resolves.toBe('claimed')
      expect((await jobs.find('acme', 'governed'))?.release).toEqual(release)
      const other = sampleJob({ jobId: 'governed', release: { ...release, masks: [] } })
      await expect(jobs.claim(other)).resolves.toEqual({ existing: job })
    })

    test('the same claim again is as good as the first', async () => {
      const job = sampleJob({ jobId: 'again' })
      await jobs.claim(job)
      await expect(jobs.claim({ ...job })).resolves.toBe('claimed')
    })

    test('a job belongs to who claimed it first', async () => {
      const job = sampleJob({ jobId: 'mine' })
      await jobs.claim(job)
      const thief = { ...job, owner: 'https://id.example eve' }
      await expect(jobs.claim(thief)).resolves.toEqual({ existing: job })
      await expect(jobs.claim({ ...job, effectiveDigest: 'f'.repeat(64) })).resolves.toEqual({
        existing: job,
      })
      await expect(jobs.find('acme', 'mine')).resolves.toEqual(job)
      await expect(pageOf(jobs, thief.owner)).resolves.toEqual([])
    })

    test('of 50 claims at once, one wins and all others learn which', async () => {
      const rivals = Array.from({ length: 50 }, (_, n) =>
        sampleJob({ jobId: 'race', owner: `https://id.example user-${n}` }),
      )
      const outcomes = await Promise.all(rivals.map((rival) => jobs.claim(rival)))
      const winners = rivals.filter((_, index) => outcomes[index] === 'claimed')
      expect(winners).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome !== 'claimed')).toEqual(
        Array.from({ length: 49 }, () => ({ existing: winners[0] })),
      )
      await expect(jobs.find('acme', 'race')).resolves.toEqual(winners[0])
    })

    test('an unknown job is undefined, also one of that name in another project', async () => {
      await jobs.claim(sampleJob({ jobId: 'here' }))
      await expect(jobs.find('acme', 'nope')).resolves.toBeUndefined()
      await expect(jobs.find('acme-2', 'here')).resolves.toBeUndefined()
      await expect(jobs.find('', '')).resolves.toBeUndefined()
    })

    test('ids of 1,024 characters that differ in the last are two', async () => {
      const [a, b] = ['a', 'b'].map((end) => sampleJob({ jobId: 'x'.repeat(1_023) + end }))
      if (a === undefined || b === undefined) throw new Error('unreachable')
      await jobs.claim(a)
      await expect(jobs.claim(b)).resolves.toBe('claimed')
      await expect(jobs.find('acme', a.jobId)).resolves.toEqual(a)
      await expect(jobs.find('acme', b.jobId)).resolves.toEqual(b)
    })
  })

  describe('lists of jobs', () => {
    let store: OpenStore<Jobs>
    let jobs: Jobs
    const owner = `https://id.example ${'very-long-subject-'.repeat(120)}`
    const all = Array.from({ length: 7 }, (_, n) =>
      sampleJob({ jobId: `job_${n}`, owner, at: 1_790_000_000_000 + Math.floor(n / 2) }),
    )
    const newestFirst = all.toSorted((a, b) => b.at - a.at || (a.jobId < b.jobId ? 1 : -1))
    beforeAll(async () => {
      store = await open()
      jobs = store.port
      for (const job of [...all.slice(3), ...all.slice(0, 3)]) await jobs.claim(job)
      await jobs.claim(sampleJob({ jobId: 'job_3', projectId: 'other', owner }))
      await jobs.claim(sampleJob({ jobId: 'hers', owner: `${owner}x` }))
    })
    afterAll(() => store.close())

    test.each([1, 3, 7, 50])('of one owner in one project, pages of %i', async (limit) => {
      const found: JobRecord[] = []
      for (let before: string | undefined; ;) {
        const page = await jobs.list({ owner, projectId: 'acme', limit, before })
        if (!page.ok) throw new Error(page.error.problem)
        expect(page.value.jobs.length).toBeLessThanOrEqual(limit)
        found.push(...page.value.jobs)
        before = page.value.before
        if (before === undefined) break
      }
      expect(found).toEqual(newestFirst)
    })

    test('a cursor that was changed or made for another list is a problem', async () => {
      const page = await jobs.list({ owner, projectId: 'acme', limit: 2, before: undefined })
      const cursor = page.ok ? (page.value.before ?? '') : ''
      const problem = { ok: false, error: { problem: 'cursor-invalid' } }
      for (const before of ['', 'x', cursor.slice(0, -1), `${cursor}A`, cursor.toLowerCase()])
        expect(await jobs.list({ owner, projectId: 'acme', limit: 2, before })).toEqual(problem)
      for (const other of [
        { owner, projectId: 'other' },
        { owner: `${owner}x`, projectId: 'acme' },
      ])
        expect(await jobs.list({ ...other, limit: 2, before: cursor })).toEqual(problem)
    })
  })

  describe('result tables', () => {
    let store: OpenStore<Jobs>
    let jobs: Jobs
    const table = 'acme._0123abcd.anon4567_ef'
    const ana = sampleJob({ jobId: 'ana_1', owner: 'ana', at: 1 })
    const later = sampleJob({ jobId: 'ana_2', owner: 'ana', at: 2 })
    const bob = sampleJob({ jobId: 'bob_1', owner: 'bob', at: 3 })
    beforeAll(async () => {
      store = await open()
      jobs = store.port
      for (const job of [ana, later, bob]) await jobs.claim(job)
    })
    afterAll(() => store.close())

    test('a table nobody linked has no job', async () => {
      await expect(jobs.findByResultTable(table, 'ana')).resolves.toBeUndefined()
    })

    test('linking once or twice is the same', async () => {
      await jobs.linkResultTable(table, ana)
      await jobs.linkResultTable(table, ana)
      await expect(jobs.findByResultTable(table, 'ana')).resolves.toEqual(ana)
    })

    test('a cached result belongs to everybody who got it, and to nobody else', async () => {
      await jobs.linkResultTable(table, bob)
      await expect(jobs.findByResultTable(table, 'bob')).resolves.toEqual(bob)
      await expect(jobs.findByResultTable(table, 'ana')).resolves.toEqual(ana)
      await expect(jobs.findByResultTable(table, 'eve')).resolves.toBeUndefined()
      await expect(jobs.findByResultTable(`${table}2`, 'ana')).resolves.toBeUndefined()
    })

    test('the newest job of an owner stands for the table', async () => {
      await jobs.linkResultTable(table, later)
      await jobs.linkResultTable(table, ana)
      await expect(jobs.findByResultTable(table, 'ana')).resolves.toEqual(later)
    })
  })
}

async function pageOf(jobs: Jobs, owner: string): Promise<readonly JobRecord[]> {
  const page = await jobs.list({ owner, projectId: 'acme', limit: 10, before: undefined })
  if (!page.ok) throw new Error(page.error.problem)
  return page.value.jobs
}
