/** What pages hold, up to a limit, and whether there is more. Rejects as `page` does. */
export async function allPages<T>(
  page: (
    pageToken: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
  limit: number,
): Promise<{ readonly items: readonly T[]; readonly isMore: boolean }> {
  const items: T[] = []
  for (let pageToken: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const { items: some, next } = await page(pageToken)
    items.push(...some)
    if (next === undefined || items.length >= limit)
      return { items: items.slice(0, limit), isMore: next !== undefined || items.length > limit }
    pageToken = next
  }
}
