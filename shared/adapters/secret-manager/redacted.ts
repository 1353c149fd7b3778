import { inspect } from 'node:util'

/**
 * A value that must not leave by accident. Only `reveal` gives it; printed, logged, serialised or
 * put in an error it is `[redacted]`, whatever object it sits in.
 */
export class Redacted<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  /** The value. Every call is a place for the reviewer to look at. */
  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}
