import type { CanaryCaller } from './canary-caller.ts'
import { type CanaryDeployment, FUNCTIONS } from './canary-deployment.ts'
import { firestoreDump } from './firestore-dump.ts'

/** Everything that functions gave away, by to whom: their logs, what they exported, sent, published, stored and answered. */
export async function canarySinks(
  { here, front, collector, pushed }: CanaryDeployment,
  { errors, answers }: CanaryCaller,
  firestore: string,
) {
  const exported = collector.received()
  const dump = (database: string) => firestoreDump(firestore, here.project, database)
  const toWhom: Readonly<Record<string, Buffer>> = {
    ...Object.fromEntries(FUNCTIONS.map((name) => [`log of ${name}`, whole([here.output(name)])])),
    traces: whole(exported.filter((each) => each.startsWith('/v1/traces'))),
    metrics: whole(exported.filter((each) => each.startsWith('/v1/metrics'))),
    messages: whole(pushed),
    slack: whole(here.slack.requests.flatMap(({ path, body }) => [path, body])),
    errors: whole(errors),
    published: whole(
      [...front.objects].flatMap(([name, { bytes, metadata }]) => [
        name,
        JSON.stringify(metadata),
        bytes,
      ]),
    ),
    entries: whole(await dump('sluice-entries')),
    operations: whole(await dump('sluice-operations')),
    bigquery: whole(
      front.bigQuery.flatMap(({ path, query, rawHeaders, body }) => [
        path,
        query.toString(),
        rawHeaders.join('\n'),
        body,
      ]),
    ),
  }
  return { toWhom, answers: whole(answers) }
}

const whole = (parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from('\n')]))
