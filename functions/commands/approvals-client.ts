import {
  type ApprovalList,
  type ApprovalState,
  type ApprovalSummary,
  type ApprovalView,
  approvalList,
  approvalState,
  approvalView,
} from '../../shared/approval-desk/api/approval-view.ts'
import { type Schema, apiCall } from './api-call.ts'

/** What can be done about a request, by the last part of its path. */
export type Deed = 'votes' | 'revocation' | 'review' | 'cancellation'

/** The approvals API of a gateway. Everything rejects with what the gateway said, in one line. */
export interface ApprovalsClient {
  readonly list: (pageToken?: string) => Promise<ApprovalList>
  readonly show: (id: string) => Promise<ApprovalView>
  readonly do: (id: string, deed: Deed, body: object) => Promise<ApprovalState>
  /** The id in full; `text` may be its first characters. */
  readonly find: (text: string) => Promise<string>
}

/** The approvals API for the holder of a token. */
export function approvalsClient(gateway: string, token: string): ApprovalsClient {
  const api = apiCall(gateway, token)
  const call = <T>(path: string, schema: Schema<T>, body?: object): Promise<T> =>
    api(`/v1/approvals${path}`, schema, body)
  const client: ApprovalsClient = {
    list: (pageToken) =>
      call(
        pageToken === undefined ? '' : `?pageToken=${encodeURIComponent(pageToken)}`,
        approvalList,
      ),
    show: (id) => call(`/${id}`, approvalView),
    do: (id, deed, body) => call(`/${id}/${deed}`, approvalState, body),
    find: async (text) => {
      if (text.length === ID_LENGTH) return text
      const all = await allOf(client)
      const [found, ...others] = all.filter(({ id }) => id.startsWith(text))
      if (found === undefined)
        throw new Error(`nothing that is open has an id that begins with \`${text}\``)
      if (others.length > 0) throw new Error(`more than one id begins with \`${text}\``)
      return found.id
    },
  }
  return client
}

const ID_LENGTH = 26

/** All that the list has. */
export async function allOf(client: ApprovalsClient): Promise<readonly ApprovalSummary[]> {
  const all: ApprovalSummary[] = []
  for (let pageToken: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = await client.list(pageToken)
    all.push(...page.approvals)
    pageToken = page.nextPageToken
    if (pageToken === undefined) return all
  }
}
