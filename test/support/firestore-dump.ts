import { z } from 'zod'

const Collections = z.object({ collectionIds: z.array(z.string()).default([]) })
const Documents = z.object({
  documents: z.array(z.looseObject({ name: z.string() })).default([]),
  nextPageToken: z.string().optional(),
})

/** Every document of a database in the emulator, each as its JSON. https://firebase.google.com/docs/firestore/reference/rest */
export async function firestoreDump(
  host: string,
  project: string,
  database: string,
): Promise<readonly string[]> {
  const base = `http://${host}/v1/projects/${project}/databases/${database}/documents`
  const headers = { authorization: 'Bearer owner', 'content-type': 'application/json' }
  const listed = await fetch(`${base}:listCollectionIds`, { method: 'POST', headers, body: '{}' })
  const { collectionIds } = Collections.parse(await listed.json())
  const found: string[] = []
  for (const collection of collectionIds) {
    let pageToken: string | undefined = ''
    while (pageToken !== undefined) {
      const query: string = new URLSearchParams({ pageSize: '300', pageToken }).toString()
      // oxlint-disable-next-line no-await-in-loop -- each page names the next
      const page = await fetch(`${base}/${collection}?${query}`, { headers })
      // oxlint-disable-next-line no-await-in-loop
      const { documents, nextPageToken } = Documents.parse(await page.json())
      found.push(...documents.map((each) => JSON.stringify(each)))
      pageToken = nextPageToken
    }
  }
  return found
}
