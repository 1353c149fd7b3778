import type { RefusalEntry, RequestEntry } from '../entry.ts'
import type { RecordedPrincipal } from '../envelope.ts'

type Asked = RequestEntry | RefusalEntry

/** Who asked, as an OCSF actor. */
export function actorOf({ principal, session }: Asked) {
  return {
    // Nobody knows who came without a valid token.
    user: principal === undefined ? { name: 'Unknown', type_id: 0 } : userOf(principal),
    idp: principal && { uid: principal.issuer },
    session: session && { uid: session.id, issuer: principal?.issuer },
    app_uid: principal?.clientId,
    app_name: session?.claimed.server,
    invoked_by: principal?.actors[0]?.subject,
  }
}

function userOf({ subject, email, groups }: RecordedPrincipal) {
  return {
    uid: subject,
    name: email ?? subject,
    email_addr: email,
    groups: groups.map((name) => ({ name })),
  }
}

/** Where it came from, as an OCSF network endpoint. */
export function endpointOf(asked: Asked) {
  const ip = asked.type === 'refusal' ? asked.source.address : asked.session.verified.sourceAddress
  const svc_name = asked.session?.claimed.server
  return ip === undefined && svc_name === undefined ? { name: 'Unknown' } : { ip, svc_name }
}

/** What it is about; OCSF has room for one table: what is changed goes before what is read. */
export function storeOf({ tables, targets, projectId }: Asked) {
  const table = targets[0] ?? tables[0]
  const relational = { type_id: 1, type: 'Relational' }
  if (table === undefined)
    return {
      type_id: 1,
      type: 'Database',
      database: { name: projectId ?? 'BigQuery', ...relational },
    }
  const parts = table.split('.')
  const dataset = parts.slice(0, -1).join('.')
  return {
    type_id: 3,
    type: 'Table',
    database: { uid: dataset, name: parts.at(-2) ?? dataset, ...relational },
    table: { uid: table, name: parts.at(-1) ?? table },
  }
}
