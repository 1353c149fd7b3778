import type { StructuredQuery } from './client.ts'
import { toValue } from './field-value.ts'
import { type QueryShape, orderOf } from './indexes.ts'
import { timestamp } from './timestamp.ts'

/** One page of a query, in the order of its shape. */
export interface DocumentPage {
  readonly shape: QueryShape
  /** What `shape.equal` may be. */
  readonly values: readonly (string | number)[]
  /** Where the page before ended; without a tie-break, everything at that instant is passed over. */
  readonly after:
    | {
        /** Of a shape with `sort`: epoch microseconds. */
        readonly at: number
        readonly tieBreak: string | undefined
        /** Everything at that instant is in the page. */
        readonly inclusive?: true
      }
    | undefined
  readonly limit: number
}

/** The page as Firestore's API asks for it; `nameOf` is the full name of a document. */
export function structuredQuery(
  { shape, values, after, limit }: DocumentPage,
  nameOf: (id: string) => string,
): StructuredQuery & { readonly limit: number } {
  const options = values.map(toValue)
  const [only] = options
  const filter =
    only !== undefined && options.length === 1
      ? {
          op: shape.isList === true ? ('ARRAY_CONTAINS' as const) : ('EQUAL' as const),
          value: only,
        }
      : { op: 'IN' as const, value: { arrayValue: { values: options } } }
  const tieBreak = (id: string) =>
    shape.tieBreak === '__name__' ? { referenceValue: nameOf(id) } : toValue(id)
  return {
    ...(shape.idsOnly === true ? { select: { fields: [{ fieldPath: '__name__' }] } } : {}),
    from: [{ collectionId: shape.collection }],
    where: { fieldFilter: { field: { fieldPath: shape.equal }, ...filter } },
    orderBy: [shape.sort ?? 'at', shape.tieBreak].map((fieldPath) => ({
      field: { fieldPath },
      direction: orderOf(shape),
    })),
    ...(after === undefined
      ? {}
      : {
          startAt: {
            values: [
              shape.sort === undefined
                ? toValue(after.at)
                : { timestampValue: timestamp(after.at) },
              ...(after.tieBreak === undefined ? [] : [tieBreak(after.tieBreak)]),
            ],
            before: after.inclusive === true,
          },
        }),
    limit,
  }
}
