import { BigQueryError } from '../errors.ts'
import {
  type DatasetReference,
  type RoutineReference,
  tableName,
  type TableReference,
} from './reference.ts'
import type { Relation } from './relation.ts'
import type { Routine } from './routine.ts'
import { type Version, versionAt, withVersion } from './versions.ts'

/** The location of everything here. */
export const LOCATION = 'US'

/** A dataset and what is in it. */
export interface Dataset {
  readonly reference: DatasetReference
  readonly creationTime: number
  readonly relations: Map<string, Relation>
  readonly routines: Map<string, Routine>
  readonly past: Map<string, readonly Version[]>
}

/** Projects, datasets, tables, views and routines, in memory. Names are case sensitive, as in BigQuery. */
export class Catalog {
  readonly #projects = new Map<string, Map<string, Dataset>>()
  #version = 0
  #schemaVersion = 0

  /** A number no relation has yet. */
  nextVersion(): number {
    this.#version += 1
    return this.#version
  }

  /** Changes whenever SQL may mean something else than before: not with rows. */
  get schemaVersion(): number {
    return this.#schemaVersion
  }

  get projects(): readonly string[] {
    return [...this.#projects.keys()]
  }

  addProject(projectId: string): void {
    if (!this.#projects.has(projectId)) this.#projects.set(projectId, new Map())
  }

  addDataset(reference: DatasetReference, creationTime: number): Dataset {
    this.addProject(reference.projectId)
    const dataset = {
      reference,
      creationTime,
      relations: new Map(),
      routines: new Map(),
      past: new Map(),
    }
    this.#projects.get(reference.projectId)?.set(reference.datasetId, dataset)
    return dataset
  }

  /** The datasets of a project, by name; throws `notFound` for a project that is not here. */
  datasets(projectId: string): readonly Dataset[] {
    const datasets = this.#projects.get(projectId)
    if (datasets === undefined)
      throw new BigQueryError('notFound', `Not found: Project ${projectId}`)
    return [...datasets.values()].toSorted((a, b) =>
      a.reference.datasetId < b.reference.datasetId ? -1 : 1,
    )
  }

  /** The dataset; throws `notFound`. */
  dataset({ projectId, datasetId }: DatasetReference, where = ''): Dataset {
    const dataset = this.#projects.get(projectId)?.get(datasetId)
    if (dataset !== undefined) return dataset
    throw new BigQueryError('notFound', `Not found: Dataset ${projectId}:${datasetId}${where}`)
  }

  find(reference: TableReference): Relation | undefined {
    return this.#projects
      .get(reference.projectId)
      ?.get(reference.datasetId)
      ?.relations.get(reference.tableId)
  }

  /** The table or view; throws `notFound`. */
  relation(reference: TableReference, where = ''): Relation {
    const relation = this.dataset(reference, where).relations.get(reference.tableId)
    if (relation !== undefined) return relation
    throw new BigQueryError('notFound', `Not found: Table ${tableName(reference)}${where}`)
  }

  /** The table as it was, epoch milliseconds; throws for a time that is out of reach at `now`. */
  relationAt(reference: TableReference, at: number, now: number): Relation {
    const versions = this.dataset(reference).past.get(reference.tableId) ?? []
    return versionAt(reference, versions, { at, now })
  }

  /** Adds or replaces a table or view; it was there from `since` on, by default since it changed last. */
  put(relation: Relation, since = relation.lastModifiedTime): void {
    const { relations, past } = this.dataset(relation.reference)
    const { tableId } = relation.reference
    past.set(tableId, withVersion(past.get(tableId) ?? [], { relation, since }))
    const before = relations.get(relation.reference.tableId)
    relations.set(relation.reference.tableId, relation)
    if (before?.columns !== relation.columns || relation.kind === 'VIEW') this.#schemaVersion += 1
  }

  remove(reference: TableReference): void {
    this.dataset(reference).relations.delete(reference.tableId)
    this.#schemaVersion += 1
  }

  findRoutine(reference: RoutineReference): Routine | undefined {
    return this.#projects
      .get(reference.projectId)
      ?.get(reference.datasetId)
      ?.routines.get(reference.routineId)
  }

  putRoutine(routine: Routine): void {
    this.dataset(routine.reference).routines.set(routine.reference.routineId, routine)
    this.#schemaVersion += 1
  }
}
