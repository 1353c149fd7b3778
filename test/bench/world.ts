import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startLocalIssuer } from '../../infra/local/issuer/start-local-issuer.ts'
import { REPLIES } from './replies.ts'

/** Everything around the servers that are measured: upstream, issuer, policy and a folder for state. */
export interface World {
  /** For what is gone when the world is. */
  readonly folder: string
  /** Of `mcp-agent`; good for an hour. */
  readonly token: string
  /** The environment of a server that is reached at `url`. */
  readonly env: (url: string) => NodeJS.ProcessEnv
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const WRITTEN_GATEWAY = 'http://127.0.0.1:8080'
const WRITTEN_ISSUER = 'http://127.0.0.1:8081'

/** Starts it, on loopback. What is permitted is what the example policy permits. */
export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const policy = join(folder, 'policy.yaml')
  const issuer = await startLocalIssuer({
    identities: join(root, 'infra/local/identities.yaml'),
    audience: WRITTEN_GATEWAY,
  })
  writeFileSync(
    policy,
    readFileSync(join(root, 'infra/policy/example.yaml'), 'utf8')
      .replaceAll(WRITTEN_ISSUER, issuer.url)
      // What is measured is how long a query takes, not how many may be asked.
      .replace(/^limits:\n(?:  .*\n|\n)+/m, '')
      .replace('projects: [acme]', `projects: [acme, ${Object.keys(REPLIES).join(', ')}]`),
  )
  const token = await issuer.token('mcp-agent')
  const stub = fork(join(import.meta.dirname, 'stub.ts'))
  const [upstream] = await once(stub, 'message')
  return {
    folder,
    token,
    env: (url) => ({
      SLUICE_URL: url,
      SLUICE_POLICY: policy,
      SLUICE_STORE: `sqlite:${join(folder, 'record.sqlite')}`,
      SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
      SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
      SLUICE_BIGQUERY_URL: String(upstream),
    }),
    close: async () => {
      stub.disconnect()
      await Promise.all([issuer.close(), once(stub, 'exit')])
      rmSync(folder, { recursive: true })
    },
  }
}
