import { type WhatIfReport, whatIfLine } from '../../shared/console/views/policy-view.ts'
import { messageIn } from './api-call.ts'

/** Asks a gateway what a policy would have said, and tells how far it is. Rejects with what the gateway said, in one line. */
export async function askWhatIf(
  gateway: string,
  token: string,
  asked: { readonly policy: string; readonly from: string; readonly to: string },
  onProgress: (progress: { readonly done: number; readonly of: number }) => void,
): Promise<WhatIfReport> {
  const response = await fetch(`${gateway}/v1/what-if`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
    },
    body: JSON.stringify(asked),
  }).catch(() => undefined)
  if (response === undefined) throw new Error(`no answer: \`${gateway}\``)
  if (!response.ok || response.body === null)
    throw new Error(
      messageIn(await response.json().catch(() => undefined)) ??
        `status ${response.status}: \`${gateway}/v1/what-if\``,
    )
  for await (const text of linesOf(response.body)) {
    const said = whatIfLine.safeParse(JSON.parse(text))
    if (!said.success)
      throw new Error(`the gateway answers in a form that is not known here: \`${gateway}\``)
    if ('report' in said.data) return said.data.report
    if ('error' in said.data) throw new Error(messageIn(said.data) ?? 'the gateway failed')
    onProgress(said.data.progress)
  }
  throw new Error(`the answer breaks off: \`${gateway}\``)
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
