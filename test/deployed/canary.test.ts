import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { canariesIn, formsOf } from '../support/canaries.ts'
import { type CanaryDeployment, FUNCTIONS, deployCanaries } from '../support/canary-deployment.ts'
import { canarySinks } from '../support/canary-sinks.ts'
import { canaryStory } from '../support/canary-story.ts'
import { patient, said } from '../support/canary-values.ts'
import { deployment } from '../support/deployed/deployment.ts'
import { guarantee } from '../support/guarantee.ts'
import { SIGNING_SECRET } from '../support/slack-payloads.ts'
import { BOT_TOKEN } from '../support/slack-stand-in.ts'

const on = await deployment()
const isMissing = 'missing' in on
if (isMissing) console.warn(`skipped, canaries through every function: ${on.missing}`)

/** The only sinks where something is found, of what is put in; whatever is left out is found nowhere. */
const WHERE: Readonly<Record<string, readonly string[]>> = {
  'the access token for BigQuery': ['bigquery'],
  'said: ssn': ['bigquery'],
  'said: name': ['bigquery', 'operations'],
  'said: note': ['bigquery'],
  // Approvers see the query that they approve, as it is.
  'said: toApprove': ['bigquery', 'operations', 'slack'],
  'said: label': ['bigquery', 'operations'],
  'said: userAgent': ['entries', 'operations', 'slack'],
  'said: justification': ['operations', 'slack'],
  // Who looks at the record is on it, with what they looked for.
  'said: search': ['entries'],
}

describe.skipIf(isMissing)('canaries', { timeout: 180_000 }, () => {
  let world: CanaryDeployment
  let story: Awaited<ReturnType<typeof canaryStory>>
  let sinks: Awaited<ReturnType<typeof canarySinks>>
  beforeAll(async () => {
    if (isMissing) return
    world = await deployCanaries(on)
    story = await canaryStory(world)
    // What is under way of traces and metrics goes out as they end.
    await Promise.all(FUNCTIONS.map((name) => world.here.stop(name)))
    sinks = await canarySinks(world, story, on.firestore)
  }, 180_000)
  afterAll(() => world?.close())

  const secrets = () => {
    const { front, here } = world
    const keys = readFileSync(join(here.folder, 'key.json'), 'utf8')
    return {
      ...story.secrets,
      ...named('a line of the key for BigQuery', front.account.pem.split('\n').filter(isLong)),
      ...named('what the key for BigQuery signed', front.assertions),
      ...named('a part of the signing key', [...keys.matchAll(/"[dk]":\s*"([^"]+)"/g)].map(second)),
      'the access token for BigQuery': front.bigQueryToken,
      'the access token of the functions': front.ownToken,
      'the token of the Slack app': BOT_TOKEN,
      'the signing secret of the Slack app': SIGNING_SECRET,
    }
  }
  guarantee('canaries-unseen', () => {
    const find = finder({ ...secrets(), ...values })
    for (const [sink, bytes] of Object.entries(sinks.toWhom)) {
      const expected = Object.keys(WHERE).filter((what) => WHERE[what]?.includes(sink))
      expect({ sink, found: find(bytes).toSorted() }).toEqual({ sink, found: expected.toSorted() })
    }
  })

  test('no answer holds a secret but those that hand it out', () => {
    expect(finder(secrets())(sinks.answers)).toEqual([])
  })

  test('everything was there to be found: all secrets, and each sink', () => {
    const { jobId, entry } = story
    const lines = Object.keys(secrets()).filter((what) => what.startsWith('a line of the key'))
    expect(lines.length).toBeGreaterThan(20)
    for (const what of [
      'what the key',
      'a part of the signing key',
      'the cookie',
      'a refresh token',
    ])
      expect(Object.keys(secrets()).find((each) => each.startsWith(what))).toBeDefined()
    const grant = jobId.replace('sluice_', '')
    const innocent: Readonly<Record<string, readonly string[]>> = {
      bigquery: ['acme.hospital.patients', jobId],
      entries: [entry],
      operations: [grant],
      slack: [grant, 'acme.hospital.claims'],
      messages: [grant],
      published: ['checkpoint'],
      errors: ['accessDenied', 'WWW-Authenticate'.toLowerCase(), 'invalid'],
      traces: FUNCTIONS.map((name) => `"stringValue":"${name}"`),
      metrics: FUNCTIONS.map((name) => `"stringValue":"${name}"`),
      ...Object.fromEntries(
        FUNCTIONS.map((name) => [`log of ${name}`, ['"severity":"DEBUG"', 'FETCH ', ' express:']]),
      ),
    }
    expect(Object.keys(innocent).toSorted()).toEqual(Object.keys(sinks.toWhom).toSorted())
    for (const [sink, texts] of Object.entries(innocent)) {
      const find = finder(Object.fromEntries(texts.map((text) => [text, text])))
      const found = find(sinks.toWhom[sink] ?? Buffer.alloc(0))
      expect({ sink, found: found.toSorted() }).toEqual({ sink, found: texts.toSorted() })
    }
  })
})

test.each(formsOf(said.name))('a canary is found as %j', (form) => {
  const find = canariesIn([{ what: 'it', text: said.name }])
  expect(find(Buffer.from(`{"x":"..${form}.."}`))).toEqual(['it'])
})

const values = Object.fromEntries([
  ...Object.entries(said).map(([what, text]) => [`said: ${what}`, text]),
  ...Object.entries(patient).map(([what, text]) => [`a row: ${what}`, text]),
])
const finder = (texts: Readonly<Record<string, string>>) =>
  canariesIn(Object.entries(texts).map(([what, text]) => ({ what, text })))
const isLong = (line: string): boolean => line.length > 40
const second = (match: RegExpExecArray): string => match[1] ?? ''
const named = (what: string, texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, index) => [`${what}, ${index + 1}`, text]))
