import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

import type { Entry } from '../../../../shared/recording/entry.ts'
import { documentIdOf, documentOf } from '../../../../shared/recording/search/document-of.ts'
import type { SearchDocument } from '../../../../shared/recording/search/search-document.ts'
import { idOf, recordStory } from '../../../support/record-story.ts'
import { sampleDecision } from '../../../support/sample-entries.ts'

const groups = new Map<string, Entry[]>()
const unfound = new Set<string>()
beforeAll(async () => {
  const log = await recordStory()
  for (const { text } of [...log.sealed, ...log.waiting]) {
    const told = JSON.parse(text)
    // The story says nothing of obligations.
    if (told.decision !== undefined) told.decision.obligations = sampleDecision.obligations
    const entry: Entry = told
    const id = documentIdOf(entry)
    if (id === undefined) unfound.add(entry.type)
    else groups.set(id, [...(groups.get(id) ?? []), entry])
  }
})

const entriesOf = (name: string) => groups.get(`call~${idOf(name)}`) ?? []
const documentBy = (name: string): SearchDocument => {
  const document = documentOf(entriesOf(name))
  if (document === undefined) throw new Error(`nothing of ${name}`)
  return document
}

describe('documentOf', () => {
  test('makes the same of entries in any order', () => {
    expect(groups.size).toBeGreaterThan(40)
    for (const own of groups.values()) {
      const wanted = documentOf(own)
      expect(wanted).toBeDefined()
      fc.assert(
        fc.property(
          fc.shuffledSubarray(own, { minLength: own.length, maxLength: own.length }),
          (shuffled) => {
            expect(documentOf(shuffled)).toEqual(wanted)
          },
        ),
        { numRuns: 20 },
      )
    }
  })

  test('makes the same of entries that are there twice', () => {
    const own = entriesOf('session 0 approved')
    expect(documentOf([...own, ...own.filter(({ type }) => type !== 'page')])).toEqual(
      documentOf(own),
    )
  })

  test('makes of some what they say, and nothing of a call without its request', () => {
    for (const own of groups.values())
      fc.assert(
        fc.property(fc.shuffledSubarray(own), (some) => {
          const document = documentOf(some)
          const isBegun = some.some(({ type }) => OPENING.has(type))
          const isOther = some.some(({ call, type }) => call === undefined && !OF_SESSION.has(type))
          expect(document !== undefined).toBe(isBegun || isOther)
          if (document?.kind === 'call')
            expect(document.outcome !== undefined).toBe(some.some(({ type }) => type === 'outcome'))
        }),
        { numRuns: 20 },
      )
  })

  test('counts the rows of all pages', () => {
    expect(documentBy('session 0 call 0')).toMatchObject({ rows: 1, outcome: 'released' })
    expect(documentBy('session 0 call 2')).toMatchObject({ rows: 3 })
  })

  test('knows how a grant stands, and who said yes', () => {
    const paul = { key: 'https://id.example paul', name: 'paul@acme.example' }
    expect(documentBy('session 0 approved')).toMatchObject({
      decision: 'require-approval',
      approvers: [paul],
    })
    expect(documentBy('session 0 denied')).toMatchObject({ approval: 'denied', approvers: [] })
  })

  test('has a session with its last closing, and leaves out what keeps the record going', () => {
    expect(documentOf(groups.get(`session~${idOf('session 0')}`) ?? [])).toMatchObject({
      kind: 'session',
      closedAt: expect.any(Number),
    })
    expect([...unfound]).toEqual(expect.arrayContaining(['writer-opened', 'writer-gap']))
  })
})

const OPENING: ReadonlySet<Entry['type']> = new Set(['request', 'refusal', 'session-opened'])
const OF_SESSION: ReadonlySet<Entry['type']> = new Set(['session-opened', 'session-closed'])
