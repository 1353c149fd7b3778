import { createHash } from 'node:crypto'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import { ok } from '../../kernel/result.ts'
import type { JobRecord, Jobs } from '../../recording/job.ts'
import { decodeJob, encodeJob } from '../job-codec.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import type { Documents, StoredDocument } from './documents.ts'
import { queryShapes } from './indexes.ts'

const JOBS = { database: 'operations', collection: 'jobs' } as const
const RESULT_TABLES = { database: 'operations', collection: 'resultTables' } as const

/** `Jobs` in Firestore. Ids and owners are hashed: they may be longer than a document id or an index. */
export function firestoreJobs(documents: Documents): Jobs {
  async function find(projectId: string, jobId: string): Promise<JobRecord | undefined> {
    const document = await documents.get(JOBS, keyOf(projectId, jobId))
    if (document === undefined) return undefined
    const job = decode(document)
    if (job.projectId !== projectId || job.jobId !== jobId)
      throw new Error(`another job is stored under \`${document.id}\``)
    return job
  }

  return {
    async claim(job) {
      const { projectId, jobId, owner, at } = job
      const bytes = encodeJob(job)
      const ownerProject = keyOf(owner, projectId)
      const fields = { ownerProject, at, jobId, bytes }
      if ((await documents.create(JOBS, keyOf(projectId, jobId), fields)) === 'created')
        return 'claimed'
      const existing = await find(projectId, jobId)
      if (existing === undefined) throw new Error(`neither claimed nor found \`${jobId}\``)
      return encodeJob(existing).equals(bytes) ? 'claimed' : { existing }
    },

    find,

    async list({ owner, projectId, limit, before }) {
      const scope = { owner, projectId }
      const end = parseListCursor(scope, before)
      if (!end.ok) return end
      const found = await documents.page({
        shape: queryShapes.jobsByOwner,
        values: [keyOf(owner, projectId)],
        after: end.value === undefined ? undefined : { at: end.value.at, tieBreak: end.value.id },
        limit: limit + 1,
      })
      const jobs = found.slice(0, limit).map(decode)
      if (jobs.some((job) => job.owner !== owner || job.projectId !== projectId))
        throw new Error('wrong index fields on a job')
      const last = jobs.at(-1)
      const more = found.length > limit && last !== undefined
      return ok({
        jobs,
        before: more ? listCursor(scope, { at: last.at, id: last.jobId }) : undefined,
      })
    },

    async linkResultTable(table, job) {
      const { projectId, jobId, owner, at } = job
      // When it is there already, it is this very link: its id says all it holds.
      await documents.create(RESULT_TABLES, keyOf(table, owner, projectId, jobId), {
        tableOwner: keyOf(table, owner),
        at,
        jobId,
        bytes: encodeJob(job),
      })
    },

    async findByResultTable(table, owner) {
      const [newest] = await documents.page({
        shape: queryShapes.jobsByResultTable,
        values: [keyOf(table, owner)],
        after: undefined,
        limit: 1,
      })
      const job = newest === undefined ? undefined : decode(newest)
      if (job !== undefined && job.owner !== owner)
        throw new Error('wrong index fields on a result table')
      return job
    },
  }
}

function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex')
}

function decode(document: StoredDocument): JobRecord {
  const bytes = document.bytes('bytes')
  if (bytes === undefined) throw new Error(`a document without bytes \`${document.id}\``)
  return decodeJob(bytes)
}
