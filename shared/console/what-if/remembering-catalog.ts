import type { Catalog } from '../../analysis/catalog.ts'
import { formatTable } from '../../bigquery/reference.ts'
import type { OwnQuestions } from '../../gateway/schemas.ts'

/** Catalogs that ask for every table and routine once, for one comparison: two calls are judged by the same schemas. */
export function rememberingCatalog(catalogOf: OwnQuestions['catalog']): OwnQuestions['catalog'] {
  const catalogs = new Map<string, Catalog>()
  return (connection) => {
    const known = catalogs.get(connection)
    if (known !== undefined) return known
    const catalog = remembering(catalogOf(connection))
    catalogs.set(connection, catalog)
    return catalog
  }
}

function remembering(catalog: Catalog): Catalog {
  const table = once((...asked: Parameters<Catalog['table']>) => catalog.table(...asked))
  const routine = once((...asked: Parameters<Catalog['routine']>) => catalog.routine(...asked))
  const tablesLike = once((...asked: Parameters<Catalog['tablesLike']>) =>
    catalog.tablesLike(...asked),
  )
  return {
    table: (asked) => table(formatTable(asked), asked),
    routine: (dataset, id) => routine(JSON.stringify([dataset, id]), dataset, id),
    tablesLike: (dataset, prefix) => tablesLike(JSON.stringify([dataset, prefix]), dataset, prefix),
  }
}

/** What was answered for a key; an answer that did not come is asked for again. */
function once<A extends readonly unknown[], T>(
  ask: (...asked: A) => Promise<T>,
): (key: string, ...asked: A) => Promise<T> {
  const answers = new Map<string, Promise<T>>()
  return async (key, ...asked) => {
    const answer = answers.get(key) ?? ask(...asked)
    answers.set(key, answer)
    try {
      return await answer
    } catch (cause) {
      answers.delete(key)
      throw cause
    }
  }
}
