import type { DatabaseSync } from 'node:sqlite'

/**
 * One step per version of the file, oldest first. A step that was released is never edited.
 *
 * The triggers refuse what nobody here does: they keep a slip, or a curious hand with the `sqlite3`
 * shell, from rewriting the record. Whoever may write the file can drop them; the log is what proves.
 */
const migrations = [
  `
  CREATE TABLE entries (
    id TEXT NOT NULL PRIMARY KEY,
    call TEXT NOT NULL,
    session TEXT,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entries_by_at ON entries (at, id);
  CREATE INDEX entries_by_call ON entries (call, at, id);
  CREATE INDEX entries_by_session ON entries (session, at, id);

  CREATE TABLE jobs (
    project_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (project_id, job_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX jobs_by_owner ON jobs (owner, project_id, at, job_id);

  CREATE TABLE result_tables (
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    at INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    PRIMARY KEY (name, owner, at, project_id, job_id)
  ) STRICT, WITHOUT ROWID;

  ${appendOnly('entries', 'id = NEW.id')}
  ${appendOnly('jobs', 'project_id = NEW.project_id AND job_id = NEW.job_id')}
  `,
  `
  CREATE TABLE registers (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (collection, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX registers_by_expiry ON registers (expires_at);
  `,
  `
  ALTER TABLE registers ADD COLUMN listed_in TEXT;
  ALTER TABLE registers ADD COLUMN listed_at INTEGER;
  CREATE INDEX registers_by_list ON registers (collection, listed_in, listed_at, key)
    WHERE listed_in IS NOT NULL;
  `,
  // What was written before entries had stamps stays in the file, and is in no log.
  `
  DROP TRIGGER IF EXISTS entries_no_update;
  DROP TRIGGER IF EXISTS entries_no_delete;
  DROP TRIGGER IF EXISTS entries_no_replace;
  DROP INDEX IF EXISTS entries_by_at;
  DROP INDEX IF EXISTS entries_by_call;
  DROP INDEX IF EXISTS entries_by_session;
  ALTER TABLE entries RENAME TO entries_without_stamps;

  CREATE TABLE entries (
    id TEXT NOT NULL PRIMARY KEY,
    call TEXT,
    session TEXT,
    at INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    stamp TEXT NOT NULL,
    signature BLOB NOT NULL,
    ciphertext BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entries_by_at ON entries (at, id);
  CREATE INDEX entries_by_call ON entries (call, at, id);
  CREATE INDEX entries_by_session ON entries (session, at, id);
  CREATE UNIQUE INDEX entries_by_commit ON entries (committed);
  ${appendOnly('entries', 'id = NEW.id')}
  `,
  // Retention names what it deletes, and no more, in the transaction that deletes it.
  `
  CREATE TABLE IF NOT EXISTS removals (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
  DROP TRIGGER entries_no_delete;
  CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
    WHEN NOT EXISTS (SELECT 1 FROM removals WHERE id = OLD.id)
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
  `,
  // The search index: derived from entries, and made again from them whenever its place is gone.
  `
  CREATE TABLE IF NOT EXISTS search_documents (
    row INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document BLOB NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE IF NOT EXISTS search_terms USING fts5(
    terms, content='', contentless_delete=1, detail=none, tokenize='ascii'
  );
  CREATE TABLE IF NOT EXISTS search_place (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    place TEXT NOT NULL
  ) STRICT;
  `,
] as const

/** UPDATE and DELETE abort; INSERT OR REPLACE, which fires no DELETE trigger, leaves what is there. */
function appendOnly(table: string, sameKey: string): string {
  return `
  CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END;
  CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END;
  CREATE TRIGGER ${table}_no_replace BEFORE INSERT ON ${table}
    WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${sameKey})
    BEGIN SELECT RAISE(IGNORE); END;
  `
}

/** Brings the file to this version; two processes may do so at once. Throws for a newer file. */
export function migrate(database: DatabaseSync): void {
  if (versionOf(database) === migrations.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    // Read again: another process may have been faster.
    const version = versionOf(database)
    if (version > migrations.length)
      throw new Error(`the store was written by a newer version of Sluice \`${version}\``)
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (cause) {
    database.exec('ROLLBACK')
    throw cause
  }
}

function versionOf(database: DatabaseSync): number {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version']
  if (typeof version !== 'number') throw new Error('the store has no version')
  return version
}
