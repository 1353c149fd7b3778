import { browser, inPage, logIn } from './browser.ts'
import type { CanaryCaller } from './canary-caller.ts'
import type { DeployedFunctions } from './deployed-functions.ts'
import { REDIRECT, gcloud } from './gcloud.ts'

/** Tokens by exchange, by gcloud's sign-in and by renewal; all of them are secrets then. */
export async function signInAtGateway(
  here: DeployedFunctions,
  { secrets, ask, tokenOf, query }: CanaryCaller,
): Promise<void> {
  const keep = (what: string, text: string, member: string): string =>
    (secrets[what] = inPage(text, new RegExp(`"${member}":"([^"]+)"`)))
  const exchanged = await ask('gateway', '/v1/token', {
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await tokenOf('ana'),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    },
    mayHold: 'tokens',
  })
  const own = keep("the gateway's own token", exchanged.text, 'access_token')
  await query(own, 'SELECT id FROM acme.hospital.patients')

  const client = gcloud()
  const by = browser()
  const begin = `${here.urlOf('gateway')}${client.authorizeUrl()}`
  const login = await by.follow(await by.go(begin), begin, isAtGcloud)
  const back = new URL((await logIn(login, by, 'petra', 'petra-secret', isAtGcloud)).at)
  const code = (secrets['the code of a sign-in'] = back.searchParams.get('code') ?? '')
  const redeemed = await ask('gateway', '/v1/oauthtoken', {
    form: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: client.verifier,
    },
    mayHold: 'tokens',
  })
  keep('the token of a sign-in', redeemed.text, 'access_token')
  const refresh = keep('a refresh token', redeemed.text, 'refresh_token')
  const renewed = await ask('gateway', '/v1/oauthtoken', {
    form: { grant_type: 'refresh_token', refresh_token: refresh },
    mayHold: 'tokens',
  })
  keep('a token that was renewed', renewed.text, 'access_token')
}

const isAtGcloud = (url: string): boolean => url.startsWith(REDIRECT)

/** Somebody signs in to the console; the code and every cookie are secrets then. Resolves with their browser. */
export async function signInAtConsole(
  here: DeployedFunctions,
  { secrets }: CanaryCaller,
): Promise<ReturnType<typeof browser>> {
  const base = here.urlOf('console')
  const by = browser()
  const begun = await by.go(`${base}/console/sign-in`)
  const location = inPage(begun.headers.get('refresh') ?? '', /^0; url=(.+)$/)
  const isBack = (url: string): boolean => url.startsWith(`${base}/console/callback`)
  const login = await by.follow(await by.go(location), location, isBack)
  const { at } = await logIn(login, by, 'olga', 'olga-secret', isBack)
  secrets['the code of a sign-in at the console'] = new URL(at).searchParams.get('code') ?? ''
  await by.go(at)
  for (const cookie of by.cookies(base).split('; ')) {
    const [name = '', value = ''] = cookie.split('=', 2)
    secrets[`the cookie ${name}`] = value
  }
  return by
}
