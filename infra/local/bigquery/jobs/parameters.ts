import type { Parameters } from '../engine/engine.ts'
import { BigQueryError } from '../errors.ts'
import { formatType, scalarKind, type SqlType } from '../types/sql-type.ts'
import { typeProto } from '../types/type-proto.ts'
import { encodeScalar } from '../values/encode-scalar.ts'
import { NULL, type Value } from '../values/value.ts'
import type { ParameterType, ParameterValue, QueryParameter } from './job-request.ts'

/** A request's query parameters as the engine takes them. Throws for what BigQuery would refuse. */
export function engineParameters(
  mode: string | undefined,
  parameters: readonly QueryParameter[],
  sqlIsPositional: boolean,
): Parameters {
  const named = parameters.some(({ name }) => name !== undefined && name !== '')
  const positional =
    mode === undefined || mode === ''
      ? !named && (parameters.length > 0 || sqlIsPositional)
      : mode.toUpperCase() === 'POSITIONAL'
  const declared = parameters.map(({ name = '', parameterType, parameterValue }) => {
    const shown = name === '' ? 'a positional parameter' : `parameter ${name}`
    if (!positional && name === '') throw invalid('Named query parameters must have a name')
    const type = parameterSqlType(parameterType)
    return {
      name,
      type: typeProto(type),
      value: parameterToValue(type, parameterValue ?? {}, shown),
    }
  })
  return { mode: positional ? 'PARAMETER_POSITIONAL' : 'PARAMETER_NAMED', declared }
}

function parameterSqlType(given: ParameterType): SqlType {
  const word = given.type.toUpperCase()
  if (word === 'ARRAY') {
    if (given.arrayType === undefined) throw invalid('An ARRAY parameter needs an arrayType')
    return { kind: 'ARRAY', element: parameterSqlType(given.arrayType) }
  }
  if (word === 'RANGE') {
    if (given.rangeElementType === undefined) {
      throw invalid('A RANGE parameter needs a rangeElementType')
    }
    return { kind: 'RANGE', element: parameterSqlType(given.rangeElementType) }
  }
  if (word === 'STRUCT' || word === 'RECORD') {
    const fields = (given.structTypes ?? []).map(({ name = '', type }) => ({
      name,
      type: parameterSqlType(type),
    }))
    return { kind: 'STRUCT', fields }
  }
  const kind = scalarKind(word)
  if (kind === undefined) throw invalid(`Invalid query parameter type: ${given.type}`)
  if (kind === 'GEOGRAPHY')
    throw new BigQueryError(
      'notImplemented',
      'The local BigQuery cannot do this: GEOGRAPHY parameters',
    )
  return { kind }
}

function parameterToValue(type: SqlType, given: ParameterValue, shown: string): Value {
  switch (type.kind) {
    case 'ARRAY': {
      if (given.arrayValues === undefined) return NULL
      const element = given.arrayValues.map((each) => parameterToValue(type.element, each, shown))
      return { array_value: { element } }
    }
    case 'STRUCT': {
      const values = given.structValues
      if (values === undefined) return NULL
      const field = type.fields.map(({ name, type: inner }) =>
        parameterToValue(inner, values[name] ?? {}, `${shown}.${name}`),
      )
      return { struct_value: { field } }
    }
    case 'RANGE': {
      if (given.rangeValue === undefined) return NULL
      const { start = {}, end = {} } = given.rangeValue
      return {
        range_value: {
          start: parameterToValue(type.element, start, shown),
          end: parameterToValue(type.element, end, shown),
        },
      }
    }
    default: {
      if (given.value === undefined) return NULL
      const value = encodeScalar(type.kind, given.value)
      if (value !== undefined) return value
      throw invalid(`Invalid value for ${shown} of type ${formatType(type)}: ${given.value}`)
    }
  }
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalid', message)
}
