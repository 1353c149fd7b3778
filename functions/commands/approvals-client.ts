import {
  type ApprovalList,
  type ApprovalState,
  type ApprovalSummary,
  type ApprovalView,
  approvalList,
  approvalState,
  approvalView,
} from '../../shared/approval-desk/api/approval-view.ts'
import { visibleLine } from '../../shared/approval-desk/visible-text.ts'

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
  const call = async <T>(path: string, schema: Schema<T>, body?: object): Promise<T> => {
    const url = `${gateway}/v1/approvals${path}`
    const authorization = `Bearer ${token}`
    const response = await fetch(
      url,
      body === undefined
        ? { headers: { authorization } }
        : {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    ).catch(() => undefined)
    if (response === undefined) throw new Error(`no answer: \`${gateway}\``)
    const answer: unknown = await response.json().catch(() => undefined)
    if (!response.ok) throw new Error(messageIn(answer) ?? `status ${response.status}: \`${url}\``)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    throw new Error(`the gateway answers in a form that is not known here: \`${gateway}\``)
  }
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

interface Schema<T> {
  readonly safeParse: (
    value: unknown,
  ) => { readonly success: true; readonly data: T } | { readonly success: false }
}

const LONGEST_MESSAGE = 1_000

/** What the gateway says; it may quote somebody. */
function messageIn(answer: unknown): string | undefined {
  const error: unknown = isObject(answer) && 'error' in answer ? answer.error : undefined
  return isObject(error) && 'message' in error && typeof error.message === 'string'
    ? visibleLine(error.message, LONGEST_MESSAGE, 'words')
    : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
