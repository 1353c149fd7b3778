const AT_ONCE = 8

/** `work` on every item, at most eight at once; results in the order of the items. */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  for (let i = 0; i < items.length; i += AT_ONCE)
    // oxlint-disable-next-line no-await-in-loop -- the point is not to start them all at once
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))))
  return results
}
