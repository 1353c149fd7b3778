/** The part of `@sinonjs/fake-timers` that the seed uses; its own types bring those of browsers into all of this. */
declare module '@sinonjs/fake-timers' {
  export interface InstalledClock {
    /** Epoch milliseconds. */
    readonly now: number
    setSystemTime(now: number): void
    uninstall(): void
  }

  export function withGlobal(global: typeof globalThis): {
    install(options: { readonly now: number; readonly toFake: readonly ['Date'] }): InstalledClock
  }
}
