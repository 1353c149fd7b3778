import { readFileSync } from 'node:fs'

import { Command } from 'commander'

import { googleOwnIdentity } from '../../shared/adapters/bigquery/google-own-identity.ts'
import { kmsCall } from '../../shared/adapters/kms/kms-call.ts'
import { kmsRecordTrust } from '../../shared/adapters/kms/kms-record-trust.ts'
import { tlogWitnesses } from '../../shared/adapters/witness/tlog-witnesses.ts'
import { trustText } from '../../shared/recording/log/trust-text.ts'
import { isKeyName } from '../../shared/tlog/key-name.ts'
import { readPolicy } from '../read-policy.ts'
import { recordKeysAt } from '../settings.ts'

interface Options {
  readonly recordKeys: string
  readonly log: string
  readonly policy?: string
}

/** `sluice keys trust`: what a verifier has to believe, by the word of Cloud KMS and not by ours. */
export function keysTrustCommand(): Command {
  return new Command('trust')
    .description(
      'print trust.json of a log, from the public keys in Cloud KMS; asks Sluice nothing',
    )
    .requiredOption('--record-keys <ring>', 'kms:projects/P/locations/L/keyRings/R')
    .requiredOption('--log <origin>', 'the name of the log, as SLUICE_LOG has it')
    .option('--policy <file>', 'the policy, for the witnesses it names')
    .action(async (options: Options) => void process.stdout.write(await trustOf(options)))
}

async function trustOf({ recordKeys, log, policy }: Options): Promise<string> {
  const at = recordKeysAt(recordKeys)
  if (at?.kind !== 'kms')
    throw new Error('--record-keys is `kms:projects/P/locations/L/keyRings/R`')
  if (!isKeyName(log))
    throw new Error('--log is the name of a log, such as `sluice.acme.example/log`')
  const witnesses = policy === undefined ? undefined : witnessesIn(policy)
  const call = kmsCall({ ownIdentity: googleOwnIdentity() })
  return trustText({ ...(await kmsRecordTrust(call, at.name, log)), witnesses })
}

function witnessesIn(file: string) {
  const policy = readPolicy(readFileSync(file), file)
  if (!policy.ok) throw new Error(policy.error.join('\n'))
  return tlogWitnesses({ onRefusal: () => {} })(policy.value.record)
}
