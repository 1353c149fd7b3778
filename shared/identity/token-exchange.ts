import { type Result, err, ok } from '../kernel/result.ts'
import { actorChain } from './actor-chain.ts'
import { type Form, type OAuthProblem, type TokenReply, explain, listed } from './oauth-problem.ts'
import type { Principal } from './principal.ts'
import { type Trust, type VerifiedToken, tokenVerifier } from './token-verifier.ts'

/** RFC 8693 §2.1. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

const TYPE = 'urn:ietf:params:oauth:token-type:'
const ACCEPTED_TYPES = ['id_token', 'jwt', 'access_token'].map((type) => TYPE + type)
const ISSUED_TYPES = ['access_token', 'jwt'].map((type) => TYPE + type)

/** One exchange: the reply, or the error that its client will show. */
export type ExchangeToken = (form: Form, now: number) => Promise<Result<TokenReply, OAuthProblem>>

/**
 * Exchanges an OIDC token of a trusted issuer for a token that is good for this gateway only
 * (RFC 8693), so that a client which sends its token elsewhere gives nothing away. The caller is
 * named by the token; client authentication is ignored.
 */
export function tokenExchange(trust: Trust): ExchangeToken {
  const { issuers, ownTokens } = trust
  const verify = tokenVerifier(trust)

  const verified = async (
    form: Form,
    what: 'subject_token' | 'actor_token',
    now: number,
  ): Promise<Result<VerifiedToken, OAuthProblem>> => {
    const token = form.get(what)
    const type = form.get(`${what}_type`)
    if (token === undefined || type === undefined)
      return invalid(`${what} and ${what}_type are required`)
    if (!ACCEPTED_TYPES.includes(type))
      return invalid(`${what}_type must be one of ${ACCEPTED_TYPES.join(', ')}`)
    // Read from a file, it often ends with a new line.
    const result = await verify(token.trim(), now)
    if (!result.ok) return err(explain(result.error, issuers, what))
    // Else a token could be renewed for ever without its issuer.
    if (result.value.principal.credential.kind === 'exchanged')
      return err({
        error: 'invalid_grant',
        description: `the ${what} was issued by this gateway: use it as the bearer; only tokens of ${listed(issuers.map(({ issuer }) => issuer))} can be exchanged`,
      })
    return result
  }

  return async (form, now) => {
    const issuedType = form.get('requested_token_type') ?? `${TYPE}access_token`
    if (!ISSUED_TYPES.includes(issuedType))
      return invalid(`requested_token_type must be one of ${ISSUED_TYPES.join(', ')}`)
    // `audience` is free text in Google's credential files. Whatever it says, the token is for here.
    const resource = form.get('resource')
    if (resource !== undefined && resource.replace(/\/$/, '') !== ownTokens.issuer)
      return err({
        error: 'invalid_target',
        description: `this gateway issues tokens for itself only: \`${ownTokens.issuer}\``,
      })

    const subject = await verified(form, 'subject_token', now)
    if (!subject.ok) return subject
    if (!form.has('actor_token') && form.has('actor_token_type'))
      return invalid('actor_token_type is given without actor_token')
    const actor = form.has('actor_token') ? await verified(form, 'actor_token', now) : undefined
    if (actor?.ok === false) return actor
    if (actor !== undefined && !mayAct(subject.value.mayAct, actor.value.principal))
      return err({
        error: 'invalid_grant',
        description: 'the may_act claim of the subject_token names another actor',
      })

    const { vouched, principal } = subject.value
    const actors =
      actor === undefined ? [] : [linkOf(actor.value.principal), ...actor.value.vouched.actors]
    const until = Math.min(
      principal.credential.expiresAt,
      actor?.value.principal.credential.expiresAt ?? Infinity,
    )
    const issued = await ownTokens.issue(
      { ...vouched, actors: [...actors, ...vouched.actors] },
      until,
      now,
    )
    if (issued === undefined)
      return err(
        explain(
          { problem: 'token-expired', issuer: vouched.issuer, expiredAt: until },
          issuers,
          'subject_token',
        ),
      )
    return ok({
      access_token: issued.token,
      issued_token_type: issuedType,
      token_type: 'Bearer',
      expires_in: issued.expiresInSeconds,
    })
  }
}

const invalid = (description: string): Result<never, OAuthProblem> =>
  err({ error: 'invalid_request', description })

const linkOf = ({ issuer, subject }: Principal): { issuer: string; subject: string } => ({
  issuer,
  subject,
})

/** Whether `may_act` allows the actor; without that claim anybody who has both tokens may act. */
function mayAct(allowed: unknown, actor: Principal): boolean {
  if (allowed === undefined) return true
  const [link] = actorChain(allowed) ?? []
  return (
    link !== undefined &&
    link.subject === actor.subject &&
    (link.issuer === undefined || link.issuer === actor.issuer)
  )
}
