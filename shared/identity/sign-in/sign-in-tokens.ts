import { z } from 'zod'

import { type Result, err, ok } from '../../kernel/result.ts'
import { type Form, type OAuthProblem, type TokenReply, explain } from '../oauth-problem.ts'
import { tokenVerifier } from '../token-verifier.ts'
import type { Vouched } from '../vouched.ts'
import { ID_TOKEN, redeemSignIn } from './redeem-sign-in.ts'
import { s256 } from './s256.ts'
import { SignInCode, type SignInPorts, callbackUrl, signInIssuer } from './sign-in.ts'

/** What a refresh token of ours stands for. */
const Refresh = z.strictObject({
  issuer: z.string(),
  subject: z.string(),
  refreshToken: z.string(),
  /** Of the sign-in: a refreshed token belongs to the same session. */
  lifetime: z.string(),
})

type Reply = Result<TokenReply, OAuthProblem>

/** gcloud's part of the sign-in: tokens for a code, and again for a refresh token. */
export interface SignInTokens {
  readonly redeemCode: (form: Form, now: number) => Promise<Reply>
  /** Asks the issuer every time, so that somebody it no longer knows is out within the hour. */
  readonly refresh: (form: Form, now: number) => Promise<Reply>
}

/** The token endpoint's side of `signIn`. */
export function signInTokens(ports: SignInPorts): SignInTokens {
  const { issuers, ownTokens, sealer } = ports
  const verify = tokenVerifier(ports)

  const reply = async (
    vouched: Vouched,
    until: number,
    refreshToken: string | undefined,
    now: number,
  ): Promise<Reply> => {
    const issued = await ownTokens.issue(vouched, until, now)
    if (issued === undefined) return refused('the ID token has expired; is a clock wrong?')
    // Said here, where gcloud shows it, rather than with every query.
    const judged = await verify(issued.token, now)
    if (!judged.ok) return err(explain(judged.error, issuers, ID_TOKEN))
    const { issuer, subject, lifetime } = vouched
    const sealed =
      refreshToken === undefined
        ? undefined
        : await sealer.seal('refresh', { issuer, subject, refreshToken, lifetime }, undefined)
    return ok({
      access_token: issued.token,
      token_type: 'Bearer',
      expires_in: issued.expiresInSeconds,
      ...(sealed === undefined ? {} : { refresh_token: sealed }),
    })
  }

  return {
    redeemCode: async (form, now) => {
      const code = await sealer.open('code', form.get('code') ?? '', SignInCode, now)
      if (code === undefined) return refused('the code is not known here or too old; sign in again')
      if (form.get('redirect_uri') !== code.redirectUri)
        return refused('the redirect_uri is not the one of the authorization request')
      if (s256(form.get('code_verifier') ?? '') !== code.codeChallenge)
        return refused('the code_verifier does not belong to the code')
      const issuer = signInIssuer(issuers, code.issuer)
      if (issuer === undefined) return refused('policy does not trust the issuer any more')
      const grant = {
        kind: 'code',
        code: code.code,
        codeVerifier: code.codeVerifier,
        redirectUri: callbackUrl(ports.gateway),
      } as const
      const person = await redeemSignIn(ports, issuer, grant, code.nonce, now)
      if (!person.ok) return person
      return reply(person.value.vouched, person.value.until, person.value.refreshToken, now)
    },

    refresh: async (form, now) => {
      const sealed = await sealer.open('refresh', form.get('refresh_token') ?? '', Refresh, now)
      if (sealed === undefined) return refused('the refresh_token is not known here; sign in again')
      const issuer = signInIssuer(issuers, sealed.issuer)
      if (issuer === undefined) return refused('policy does not trust the issuer any more')
      const grant = { kind: 'refresh', refreshToken: sealed.refreshToken } as const
      const person = await redeemSignIn(ports, issuer, grant, undefined, now)
      if (!person.ok) return person
      const { vouched, until, refreshToken } = person.value
      // OIDC Core §12.2.
      if (vouched.subject !== sealed.subject) return refused('the issuer names another person')
      return reply({ ...vouched, lifetime: sealed.lifetime }, until, refreshToken, now)
    },
  }
}

const refused = (description: string): Result<never, OAuthProblem> =>
  err({ error: 'invalid_grant', description })
