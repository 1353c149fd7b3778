import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { parseGrantId } from '../../shared/approval/grant-id.ts'
import type { GrantId } from '../../shared/approval/grant.ts'
import type { SlackMessages } from '../../shared/approval/slack-messages.ts'
import type { OpenStore } from './entry-store.ts'

const AT = Date.UTC(2026, 10, 21, 12)
const place = { channel: 'C1', ts: '1.1' }

function grantId(letter: string): GrantId {
  const id = parseGrantId(letter.repeat(26))
  if (id === undefined) throw new Error('no id')
  return id
}

/** What is promised of messages in Slack, on every store. Each call opens an empty one. */
export function slackMessagesContract(
  open: () => Promise<OpenStore<{ readonly slackMessages: SlackMessages }>>,
): void {
  describe('messages in Slack', () => {
    let store: OpenStore<{ readonly slackMessages: SlackMessages }>
    let messages: SlackMessages
    beforeAll(async () => {
      store = await open()
      messages = store.port.slackMessages
    })
    afterAll(() => store.close())

    test('of all who claim one at once, one may post it', async () => {
      const id = grantId('a')
      const claims = await Promise.all(
        Array.from({ length: 6 }, () => messages.claim(id, 'asked', AT)),
      )
      expect(claims.filter((each) => each === 'claimed')).toHaveLength(1)
      expect(claims.filter((each) => each === 'under-way')).toHaveLength(5)
      await messages.posted(id, 'asked', place, AT)
      expect(await messages.claim(id, 'asked', AT + 3_600_000)).toBe('posted')
      expect(await messages.claim(id, 'reminder', AT)).toBe('claimed')
      expect(await messages.of(id)).toEqual([{ about: 'asked', place }])
      expect(await messages.of(grantId('z'))).toEqual([])
    })

    test('a claim whose owner died is void after a minute', async () => {
      const id = grantId('b')
      expect(await messages.claim(id, 'asked', AT)).toBe('claimed')
      expect(await messages.claim(id, 'asked', AT + 59_999)).toBe('under-way')
      expect(await messages.claim(id, 'asked', AT + 60_000)).toBe('claimed')
    })

    test('a claim that is released can be made again, what was posted cannot', async () => {
      const id = grantId('c')
      await messages.claim(id, 'asked', AT)
      await messages.release(id, 'asked', AT)
      expect(await messages.claim(id, 'asked', AT)).toBe('claimed')
      await messages.posted(id, 'asked', place, AT)
      await messages.posted(id, 'asked', { ...place, ts: '2.2' }, AT)
      await messages.release(id, 'asked', AT)
      expect(await messages.of(id)).toEqual([{ about: 'asked', place }])
    })
  })
}
