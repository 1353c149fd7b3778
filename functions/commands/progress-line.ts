/** A line that says how far a command is, on a terminal only. */
export interface ProgressLine {
  show(text: string): void
  clear(): void
}

const EVERY_MS = 100

/** Shows nothing where nobody watches. */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  let shownAt = -Infinity
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined }
  return {
    show(text) {
      const now = performance.now()
      if (now - shownAt < EVERY_MS) return
      shownAt = now
      stream.write(`\r\u001B[K${text}`)
    },
    clear() {
      if (shownAt > -Infinity) stream.write('\r\u001B[K')
    },
  }
}
