import type { Json } from './call.ts'

/** A JSON object of which nothing is known yet. */
export type JsonObject = { readonly [key: string]: Json | undefined }

/** `text` as JSON. Throws `SyntaxError` when it is something else. */
export function parseJson(text: string): Json {
  // Sound, although nothing checks it: all that `JSON.parse` returns without a reviver is JSON.
  const value: Json = JSON.parse(text)
  return value
}

/** Whether a value is an object, and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
