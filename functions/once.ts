/** Work that is done once, when it is first asked for; again only when it failed. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= work().catch((cause: unknown) => {
      done = undefined
      throw cause
    })
    return done
  }
}
