import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { newGatewayKeys } from '../../../shared/adapters/key-file/new-gateway-keys.ts'
import { privateFile } from '../../../shared/adapters/key-file/private-file.ts'
import { APP, SIGNING_SECRET, TEAM } from '../slack-payloads.ts'
import { BOT_TOKEN, type SlackStandIn } from '../slack-stand-in.ts'
import { PUSH_ACCOUNT } from './google-pushes.ts'

const EXAMPLE = join(import.meta.dirname, '../../../infra/policy/example.yaml')

/** Petra of the privacy office, as Slack knows her. */
export const PETRA_IN_SLACK = 'U0PETRA00'

/** Where everything is that functions are told of. */
interface Deployment {
  /** Of policy, keys and secrets, and of the log. */
  readonly folder: string
  readonly project: string
  readonly firestore: string
  readonly pubSub: string
  /** As clients call it. */
  readonly gateway: string
  readonly issuer: { readonly url: string }
  readonly bigQuery: { readonly url: string }
  readonly google: { readonly url: string }
  readonly slack: Pick<SlackStandIn, 'apiUrl' | 'channels'>
}

/**
 * Writes into the folder what infra puts into secrets: the policy in `policyFile` (default: the example) as `policy` changes it, the
 * signing key, the app's secrets. Returns the environment of a function that has this URL.
 */
export function functionEnvironment(
  at: Deployment,
  changes: { readonly policyFile?: string; readonly policy?: (usual: string) => string } = {},
): (url: string) => NodeJS.ProcessEnv {
  const write = (name: string, text: string): string => {
    const file = join(at.folder, name)
    writeFileSync(file, text)
    return file
  }
  const { policyFile: written = EXAMPLE, policy = (usual) => usual } = changes
  const policyFile = write('policy.yaml', policy(policyFor(readFileSync(written, 'utf8'), at)))
  const slackToken = write('slack-token', `${BOT_TOKEN}\n`)
  const slackSecret = write('slack-secret', `${SIGNING_SECRET}\n`)
  const signingKey = join(at.folder, 'key.json')
  // Made before functions start, which would all make it.
  privateFile(signingKey, newGatewayKeys)
  return (url) => ({
    PATH: process.env['PATH'],
    METADATA_SERVER_DETECTION: 'none',
    GOOGLE_CLOUD_PROJECT: at.project,
    FIRESTORE_EMULATOR_HOST: at.firestore,
    PUBSUB_EMULATOR_HOST: at.pubSub,
    SLUICE_POLICY: policyFile,
    SLUICE_URL: at.gateway,
    SLUICE_STORE: `firestore:${at.project}`,
    SLUICE_SIGNING_KEY: `file:${signingKey}`,
    SLUICE_RECORD_KEYS: `file:${join(at.folder, 'record-keys.json')}`,
    SLUICE_LOG_OBJECTS: `folder:${join(at.folder, 'log')}`,
    SLUICE_BIGQUERY_URL: at.bigQuery.url,
    SLUICE_PUSH_ACCOUNT: PUSH_ACCOUNT,
    SLUICE_PUSH_AUDIENCE: url,
    SLUICE_PUSH_ISSUER: at.google.url,
    SLUICE_SLACK_TOKEN: `file:${slackToken}`,
    SLUICE_SLACK_SIGNING_SECRET: `file:${slackSecret}`,
    SLUICE_SLACK_API_URL: at.slack.apiUrl.href,
  })
}

/** A policy written for the addresses of the local stack; where it says how Slack is named, Slack is. */
function policyFor(text: string, { issuer, gateway, slack }: Deployment): string {
  const channel = slack.channels.get('privacy-office') ?? ''
  return text
    .replaceAll('http://127.0.0.1:8081', issuer.url)
    .replaceAll('http://127.0.0.1:8080', gateway)
    .replace(/# slackUser: U\w+/, `slackUser: ${PETRA_IN_SLACK}`)
    .replace(/# slackChannel: C\w+/, `slackChannel: ${channel}`)
    .replace(/# slack: \{.*\}/, `slack: { team: ${TEAM}, app: ${APP} }`)
}
