import type { Catalog } from '../catalog/catalog.ts'
import type { DatasetReference } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import type { Engine } from '../engine/engine.ts'

/** What a statement's names are resolved against. */
export interface SqlContext {
  readonly engine: Engine
  readonly catalog: Catalog
  /** The project of the job, for names without one. */
  readonly projectId: string
  /** The address of who runs it. */
  readonly user: string
  /** When the statement runs, epoch milliseconds. */
  readonly now: number
  readonly defaultDataset?: DatasetReference
  /** Finds `INFORMATION_SCHEMA` views; undefined for one that is not here. */
  readonly informationSchema: (path: InformationSchemaPath) => Relation | undefined
}

/** What stands around `INFORMATION_SCHEMA` in a path. */
export interface InformationSchemaPath {
  readonly projectId: string
  /** A dataset, a `region-…` qualifier, or neither. */
  readonly qualifier: string | undefined
  /** In capitals. */
  readonly view: string
  /** Who looks. */
  readonly user: string
}
