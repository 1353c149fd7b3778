import type { DatabaseSync } from 'node:sqlite'

import { ok } from '../../kernel/result.ts'
import type { Jobs } from '../../recording/job.ts'
import { decodeJob, encodeJob } from '../job-codec.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import { blob } from './row.ts'

/** `Jobs` on an open database. */
export function sqliteJobs(database: DatabaseSync): Jobs {
  const insert = database.prepare(
    'INSERT INTO jobs (project_id, job_id, owner, at, bytes) VALUES (?, ?, ?, ?, ?)',
  )
  const select = database.prepare('SELECT bytes FROM jobs WHERE project_id = ? AND job_id = ?')
  const page = database.prepare(`
    SELECT bytes FROM jobs
    WHERE owner = :owner AND project_id = :projectId AND (at, job_id) < (:at, :jobId)
    ORDER BY at DESC, job_id DESC LIMIT :limit`)
  const link = database.prepare(`
    INSERT INTO result_tables (name, owner, at, project_id, job_id) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`)
  const linked = database.prepare(`
    SELECT jobs.bytes FROM result_tables JOIN jobs USING (project_id, job_id)
    WHERE result_tables.name = ? AND result_tables.owner = ?
    ORDER BY result_tables.at DESC, result_tables.job_id DESC LIMIT 1`)

  return {
    async claim(job) {
      const bytes = encodeJob(job)
      const { changes } = insert.run(job.projectId, job.jobId, job.owner, job.at, bytes)
      if (changes === 1) return 'claimed'
      const row = select.get(job.projectId, job.jobId)
      if (row === undefined) throw new Error(`neither claimed nor found \`${job.jobId}\``)
      const existing = blob(row, 'bytes')
      return existing.equals(bytes) ? 'claimed' : { existing: decodeJob(existing) }
    },

    async find(projectId, jobId) {
      const row = select.get(projectId, jobId)
      return row === undefined ? undefined : decodeJob(blob(row, 'bytes'))
    },

    async list({ owner, projectId, limit, before }) {
      const scope = { owner, projectId }
      const end = parseListCursor(scope, before)
      if (!end.ok) return end
      const rows = page.all({
        ...scope,
        at: end.value?.at ?? Number.MAX_SAFE_INTEGER,
        jobId: end.value?.id ?? '',
        limit: limit + 1,
      })
      const jobs = rows.slice(0, limit).map((row) => decodeJob(blob(row, 'bytes')))
      const last = jobs.at(-1)
      return ok({
        jobs,
        before:
          rows.length > limit && last !== undefined
            ? listCursor(scope, { at: last.at, id: last.jobId })
            : undefined,
      })
    },

    async linkResultTable(table, job) {
      link.run(table, job.owner, job.at, job.projectId, job.jobId)
    },

    async findByResultTable(table, owner) {
      const row = linked.get(table, owner)
      return row === undefined ? undefined : decodeJob(blob(row, 'bytes'))
    },
  }
}
