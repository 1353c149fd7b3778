/** The time in this process, for whoever asks by whichever means, but for timers. */
export interface MovableClock {
  /** From now on it is so many milliseconds ahead. */
  ahead(byMs: number): void
  /** Puts the usual clock back. */
  remove(): void
}

/** Puts a clock that tests can move in the place of the usual one: also gRPC counts by it. */
export function movableClock(): MovableClock {
  const usual = Date
  let offset = 0
  const now = (): number => usual.now() + offset
  globalThis.Date = new Proxy(usual, {
    construct: (target, parts: readonly unknown[], made) =>
      Reflect.construct(target, parts.length === 0 ? [now()] : parts, made) as object,
    apply: () => new usual(now()).toString(),
    get: (target, name): unknown => (name === 'now' ? now : Reflect.get(target, name)),
  })
  return {
    ahead: (byMs) => {
      offset = byMs
    },
    remove: () => {
      globalThis.Date = usual
    },
  }
}
