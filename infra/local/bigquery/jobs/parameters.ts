import type { Parameter } from '../engine/engine.ts'
import { BigQueryError, cannot } from '../errors.ts'
import { positionalName } from '../sql/stand-ins.ts'
import { formatType, scalarKind, type SqlType } from '../types/sql-type.ts'
import { typeProto } from '../types/type-proto.ts'
import { encodeScalar } from '../values/encode-scalar.ts'
import { NULL, type Value } from '../values/value.ts'
import type { ParameterType, ParameterValue, QueryParameter } from './job-request.ts'

/** A request's query parameters as the engine takes them. Throws for what BigQuery would refuse. */
export function engineParameters(
  mode: string | undefined,
  parameters: readonly QueryParameter[],
): readonly Parameter[] {
  const isNamed = parameters.some(({ name }) => name !== undefined && name !== '')
  const isPositional =
    mode === undefined || mode === '' ? !isNamed : mode.toUpperCase() === 'POSITIONAL'
  return parameters.map(({ name: given = '', parameterType, parameterValue }, index) => {
    if (!isPositional && given === '') throw invalid('Named query parameters must have a name')
    const name = isPositional ? positionalName(index + 1) : given
    const shown = isPositional ? `parameter number ${index + 1}` : `parameter ${name}`
    const type = parameterSqlType(parameterType)
    const value = parameterToValue(type, parameterValue ?? {}, shown)
    return { name, type: typeProto(type), value }
  })
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
  if (kind === 'GEOGRAPHY') throw cannot('GEOGRAPHY parameters')
  return { kind }
}

function parameterToValue(type: SqlType, given: ParameterValue, shown: string): Value {
  if (type.kind === 'ARRAY') {
    if (given.arrayValues === undefined) return NULL
    const element = given.arrayValues.map((each) => parameterToValue(type.element, each, shown))
    return { array_value: { element } }
  }
  if (type.kind === 'STRUCT') {
    const values = given.structValues
    if (values === undefined) return NULL
    const field = type.fields.map(({ name, type: inner }) =>
      parameterToValue(inner, values[name] ?? {}, `${shown}.${name}`),
    )
    return { struct_value: { field } }
  }
  if (type.kind === 'RANGE') {
    if (given.rangeValue === undefined) return NULL
    const { start = {}, end = {} } = given.rangeValue
    return {
      range_value: {
        start: parameterToValue(type.element, start, shown),
        end: parameterToValue(type.element, end, shown),
      },
    }
  }
  if (given.value === undefined) return NULL
  const value = encodeScalar(type.kind, given.value)
  if (value !== undefined) return value
  throw invalid(`Invalid value for ${shown} of type ${formatType(type)}: ${given.value}`)
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalid', message)
}
