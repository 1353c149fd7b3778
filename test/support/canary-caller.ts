import type { FUNCTIONS } from './canary-deployment.ts'
import { said } from './canary-values.ts'
import type { DeployedFunctions } from './deployed-functions.ts'

interface Asked {
  readonly token?: string
  readonly json?: string
  readonly form?: Readonly<Record<string, string>>
  /** The answer is what hands out tokens, or what shows a value to who may see it. */
  readonly mayHold?: 'tokens' | 'values'
}

/** Somebody who puts canaries into everything they send, and keeps what they get. */
export function canaryCaller(here: DeployedFunctions) {
  const secrets: Record<string, string> = {}
  const answers: string[] = []
  const errors: string[] = []

  const hear = async (response: Response, mayHold?: Asked['mayHold']) => {
    const { status, headers } = response
    const text = await response.text()
    const whole = `${status} ${JSON.stringify([...headers])} ${text}`
    if (mayHold !== 'tokens') answers.push(whole)
    if (status >= 400 && mayHold === undefined) errors.push(whole)
    return { status, text, headers }
  }
  const ask = async (
    name: (typeof FUNCTIONS)[number],
    path: string,
    { token, json, form, mayHold }: Asked = {},
  ) =>
    hear(
      await fetch(`${here.urlOf(name)}${path}`, {
        redirect: 'manual',
        headers: {
          'user-agent': said.userAgent,
          baggage: `patient=${said.baggage}`,
          tracestate: `patient=${said.baggage}`,
          'sluice-justification': said.justification,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined && form === undefined
          ? {}
          : { method: 'POST', body: json ?? new URLSearchParams(form) }),
      }),
      mayHold,
    )
  return {
    /** Everything secret that there is, by what it is. */
    secrets,
    /** Every answer but those that hand out tokens. */
    answers,
    /** Answers that say no. */
    errors,
    hear,
    ask,
    /** The token of somebody whom the local issuer knows, the same every time. */
    tokenOf: async (who: string): Promise<string> =>
      (secrets[`the token of ${who}`] ??= await here.issuer.token(who)),
    query: (token: string, sql: string, more: object = {}, mayHold?: Asked['mayHold']) =>
      ask('gateway', '/bigquery/v2/projects/acme/queries', {
        token,
        json: JSON.stringify({
          query: `${sql} -- ${said.comment}`,
          useLegacySql: false,
          labels: { patient: said.label },
          ...more,
        }),
        ...(mayHold === undefined ? {} : { mayHold }),
      }),
  }
}

export type CanaryCaller = ReturnType<typeof canaryCaller>
