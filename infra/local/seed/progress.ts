import type { Step } from './step.ts'

/** Shows how far a day is: one line that is written over on a terminal, one line an hour elsewhere. */
export function progress(out: { readonly isTTY?: boolean; write(text: string): unknown }): {
  step(step: Step, done: number, of: number): void
  done(): void
} {
  let hour = ''
  return {
    step: ({ at }, done, of) => {
      const time = new Date(at).toISOString().slice(11, 16)
      const line = `${time}  ${done} of ${of}`
      if (out.isTTY === true) out.write(`\r${line}\u001B[K`)
      else if (time.slice(0, 2) !== hour) out.write(`${line}\n`)
      hour = time.slice(0, 2)
    },
    done: () => {
      if (out.isTTY === true) out.write('\r\u001B[K')
    },
  }
}
