/**
 * Closes what a function holds before its process ends, so that the record says that this writer was done.
 * functions-framework ends the process in the middle of everything; its listeners for SIGTERM are taken off as they
 * come. Cloud Run waits ten seconds, and so long nobody waits here.
 */
export function endInOrder(close: () => Promise<void>): void {
  const end = (): void => {
    setTimeout(exit, PATIENCE_MS).unref()
    close().then(exit, exit)
  }
  process.on('newListener', (name, listener) => {
    if (name === 'SIGTERM' && listener !== end)
      queueMicrotask(() => process.off('SIGTERM', listener))
  })
  process.once('SIGTERM', end)
}

const PATIENCE_MS = 8_000

function exit(): never {
  process.exit(0)
}
