import { z } from 'zod'

import { type TrustedIssuer, algorithms } from '../identity/trusted-issuer.ts'

const text = z.string().min(1)
const texts = z.array(text).min(1)

const claimPath = z
  .union([text, texts], 'expected the name of a claim, or the list of names on the way down to it')
  .describe('The name of a claim, or the list of names on the way down to it.')

const claimPatterns = z
  .record(
    text,
    z
      .union([text, texts], 'expected a text or a list of texts (quote numbers, true and false)')
      .transform((patterns) => (typeof patterns === 'string' ? [patterns] : patterns)),
  )
  .describe('By name of claim (dots lead down), the value or values it may have.')

const algorithm = z.enum(algorithms, {
  error: ({ input }) =>
    typeof input === 'string' && (/^HS\d+$/.test(input) || input === 'none')
      ? `only signatures prove who issued a token, not \`${input}\``
      : undefined,
})

/** An entry of `issuers`. Parses to a `TrustedIssuer`. */
export const issuerSchema = z
  .strictObject({
    issuer: z
      .string()
      .superRefine((url, context) => {
        const problem = issuerProblem(url)
        if (problem !== undefined) context.addIssue(problem)
      })
      .describe(
        'The issuer exactly as its tokens spell `iss`; keys and endpoints come from its discovery ' +
          'document. Whoever controls this, or the host it names, can be anybody.',
      ),
    audiences: texts.describe(
      "A token must carry one of these in `aud`: Sluice's own names at this issuer. With a value " +
        'that other services share, their tokens open Sluice too.',
    ),
    algorithms: z
      .array(algorithm)
      .min(1)
      .default(['RS256', 'ES256', 'EdDSA'])
      .describe(
        'Signature algorithms accepted (RFC 7518); asymmetric only. Whoever controls this can allow ' +
          'weaker signatures, never unsigned tokens.',
      ),
    claims: z
      .strictObject({
        groups: claimPath
          .default('groups')
          .describe(
            'Where the groups are. Pointed at a claim that callers write themselves, everybody is in ' +
              'the groups they like.',
          ),
        client: claimPath
          .default('client_id')
          .describe(
            'Where the OAuth client is. Pointed at a claim that callers write themselves, `clients` ' +
              'and conditions on `principal.client` protect nothing.',
          ),
        record: z
          .array(text)
          .default([])
          .describe(
            'Names of claims (dots lead down) to keep with every call, such as the run of a CI job: in ' +
              'the record for ever, and as `principal.claims` in conditions. Whoever controls this can ' +
              'put personal data into the record, or leave out which run it was.',
          ),
      })
      .prefault({})
      .describe('Where in the tokens of this issuer things are.'),
    clients: texts
      .optional()
      .describe(
        'When present, only tokens of these OAuth clients are accepted. A client added here can bring ' +
          'the tokens of everybody who signs in to it.',
      ),
    requiredClaims: claimPatterns
      .default({})
      .describe(
        'Claims a token must have; `*` in a value stands for any characters. Where an issuer serves ' +
          'strangers too (CI, public identity providers) this is what keeps them out: a wider ' +
          'pattern lets them in.',
      ),
    groupMappings: z
      .array(
        z.strictObject({
          group: text.describe(
            'The group the token is put into. Rules know it like any other: whoever controls this ' +
              'can hand out every right policy has.',
          ),
          when: claimPatterns
            .refine((patterns) => Object.keys(patterns).length > 0, 'name at least one claim')
            .describe(
              'All of these must match; `*` in a value stands for any characters. A wider pattern ' +
                'puts more callers into the group.',
            ),
        }),
      )
      .default([])
      .describe('Groups for tokens that carry none, such as those of CI jobs.'),
    signIn: z
      .strictObject({
        clientId: text.describe(
          "Sluice's client at the issuer. With somebody else's client here, people sign in to that.",
        ),
        clientSecret: text
          .optional()
          .describe(
            'Its secret, for issuers that insist. Whoever reads it can pose as Sluice in a sign-in, ' +
              'and still needs the codes people get; prefer a public client.',
          ),
      })
      .optional()
      .describe('How people sign in through Sluice with `gcloud auth login`. Absent: they cannot.'),
  })
  .transform(({ claims, ...issuer }): TrustedIssuer => ({
    issuer: issuer.issuer,
    audiences: issuer.audiences,
    algorithms: issuer.algorithms,
    groupsClaim: claims.groups,
    clientClaim: claims.client,
    clients: issuer.clients,
    requiredClaims: issuer.requiredClaims,
    recordedClaims: claims.record,
    groupMappings: issuer.groupMappings,
    signIn: issuer.signIn && {
      clientId: issuer.signIn.clientId,
      clientSecret: issuer.signIn.clientSecret,
    },
  }))

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost']

/** OpenID Connect Discovery 1.0 §3: `https`, no query, no fragment. */
function issuerProblem(written: string): string | undefined {
  if (!URL.canParse(written) || /[^\x21-\x7E]/.test(written))
    return 'expected a URL such as `https://login.example.com`'
  const url = new URL(written)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.includes(url.hostname)))
    return 'an issuer is reached by https; plain http is for loopback addresses only'
  if (url.username !== '' || url.password !== '') return 'an issuer URL holds no user name'
  if (written.includes('?') || written.includes('#'))
    return 'an issuer URL has no query and no fragment'
  return undefined
}
