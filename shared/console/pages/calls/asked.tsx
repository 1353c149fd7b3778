import type { CallView } from '../../views/call-view.ts'
import { Code } from '../components/code.tsx'
import { Said } from '../components/said.tsx'

/** What was asked: the SQL, its parameters and why, as far as the reader may know; else without its values, and why so. */
export function Asked({ call }: { readonly call: Pick<CallView, 'private' | 'summary'> }) {
  const { strippedSql } = call.summary
  if (call.private.state !== 'shown')
    return (
      <>
        <p class="note">{withheld[call.private.state]}</p>
        {strippedSql === undefined ? (
          <p class="muted">It has no SQL.</p>
        ) : (
          <Code code={strippedSql} language="sql" what="SQL without its values" />
        )}
      </>
    )
  const { sql, formattedSql, parameters, justification, detail } = call.private
  const text = formattedSql ?? sql
  return (
    <>
      {justification !== undefined && (
        <p>
          <span class="muted">Why, in their words: </span>
          <Said words={justification} />
        </p>
      )}
      {text === undefined ? (
        <p class="muted">It has no SQL.</p>
      ) : (
        <Code code={text} language="sql" what="SQL" />
      )}
      {hasSome(parameters) && (
        <>
          <h3>Parameters, as the client sent them</h3>
          <Code code={JSON.stringify(parameters, undefined, 2)} language="json" what="parameters" />
        </>
      )}
      {detail !== undefined && (
        <p>
          <span class="muted">Besides: </span>
          <Said words={detail} />
        </p>
      )}
    </>
  )
}

const withheld = {
  'not-for-you':
    'Values are left out: policy lets only auditors who are private-readers too see them, and whoever asked.',
  erased: 'Values were erased from the record; that they were is an entry of its own.',
  none: 'The record keeps nothing of it that holds values.',
} as const

const hasSome = (parameters: unknown): boolean =>
  parameters !== undefined && !(Array.isArray(parameters) && parameters.length === 0)
