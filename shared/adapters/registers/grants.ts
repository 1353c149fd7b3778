import { forgotten } from '../../approval/forgotten.ts'
import type { Grant, GrantEvent, GrantId } from '../../approval/grant.ts'
import type { Grants } from '../../approval/grants.ts'
import { isOver } from '../../approval/standing.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Result, ok } from '../../kernel/result.ts'
import { grantId } from '../grant-schema.ts'
import { changeRegister } from './change-register.ts'
import { decodeGrant, encodeGrant } from './grant-codec.ts'
import { boxKeeper, standingKeeper } from './grants-by-key.ts'
import type { ListPosition, Registers } from './registers.ts'

const COLLECTION = 'grants'

/** `Grants` on registers, one for each grant; it is listed as `open` or `over`. */
export function registeredGrants(registers: Registers): Grants {
  const list = async (group: 'open' | 'over', limit: number, after: GrantId | undefined) => {
    const position = after && (await positionOf(registers, after))
    const keys = await registers.list(COLLECTION, group, limit, position)
    return keys.map((key) => grantId.parse(key))
  }

  return {
    open: (grant) =>
      changeRegister(registers, at(grant.id), (before) => {
        if (before === undefined) return { ...kept(grant), result: 'opened' }
        const existing = decodeGrant(before)
        const isSame = headOf(existing) === headOf(grant)
        return { after: undefined, result: isSame ? 'opened' : { existing } }
      }),

    find: async (id) => {
      const found = await registers.read(COLLECTION, id)
      return found && decodeGrant(found.bytes)
    },

    change: <E>(id: GrantId, change: (grant: Grant) => Result<readonly GrantEvent[], E>) =>
      changeRegister<Result<Grant, E>>(registers, at(id), (before) => {
        const grant = known(id, before)
        const added = change(grant)
        if (!added.ok) return { after: undefined, result: added }
        const changed = { ...grant, events: [...grant.events, ...added.value] }
        const write = added.value.length === 0 ? { after: undefined } : kept(changed)
        return { ...write, result: ok(changed) }
      }),

    listOpen: (limit, after) => list('open', limit, after),
    listOver: (limit, after) => list('over', limit, after),

    close: (grant) =>
      changeRegister(registers, at(grant.id), (before) => {
        if (!isOver(grant)) throw new Error(`a grant that is not over \`${grant.id}\``)
        const isSame = known(grant.id, before).events.length === grant.events.length
        return { after: isSame ? before : undefined, result: undefined }
      }),

    forget: (id) =>
      changeRegister(registers, at(id), (before) => {
        const grant = before && decodeGrant(before)
        if (grant === undefined) return { after: undefined, result: undefined }
        if (!isOver(grant)) throw new Error(`a grant that is not over \`${id}\``)
        return { ...kept(forgotten(grant)), destroys: true, result: undefined }
      }),

    standFor: standingKeeper(registers),
    ...boxKeeper(registers),
  }
}

function kept(grant: Grant) {
  const group = isOver(grant) ? 'over' : 'open'
  return { after: encodeGrant(grant), listed: { group, at: grant.requestedAt } }
}

/** A grant without its events, as text: two are the same grant when it is. */
function headOf(grant: Grant): string {
  return canonicalJson({ ...grant, events: [] })
}

function known(id: GrantId, bytes: Buffer | undefined): Grant {
  if (bytes === undefined) throw new Error(`no grant \`${id}\``)
  return decodeGrant(bytes)
}

async function positionOf(registers: Registers, id: GrantId): Promise<ListPosition> {
  const found = await registers.read(COLLECTION, id)
  return { at: known(id, found?.bytes).requestedAt, key: id }
}

function at(key: GrantId) {
  return { collection: COLLECTION, key } as const
}
