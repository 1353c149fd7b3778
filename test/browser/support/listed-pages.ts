import { z } from 'zod'

import { askGateway, held } from './ask-gateway.ts'
import { replayed } from './replayed.ts'
import type { Place } from './sign-in.ts'

/** A page of the console that the browser tests look at. */
export interface ListedPage {
  /** In names of tests and screenshots. */
  readonly name: string
  /** As it is registered, below `/console`. */
  readonly route: string
  /** Who looks at it. */
  readonly as: string
  readonly path: (shown: Shown) => string
}

/** What is on the seeded record, to be shown. */
export interface Shown {
  readonly call: string
  readonly session: string
  readonly approval: string
  readonly waiting: string
  /** Of the session in which Ana plans capacity. */
  readonly replay: string
}

/** Every page there is, and some of them with nothing on them. */
export const listedPages: readonly ListedPage[] = [
  { name: 'overview', route: '/', as: 'otto', path: () => '/console' },
  { name: 'search', route: '/search', as: 'otto', path: () => '/console/search' },
  {
    name: 'search-ssn',
    route: '/search',
    as: 'otto',
    path: () => '/console/search?column=patients.ssn',
  },
  {
    name: 'search-nothing',
    route: '/search',
    as: 'otto',
    path: () => '/console/search?text=nosuchword',
  },
  { name: 'sessions', route: '/sessions', as: 'otto', path: () => '/console/sessions' },
  {
    name: 'session',
    route: '/sessions/:session',
    as: 'otto',
    path: ({ session }) => `/console/sessions/${session}`,
  },
  {
    name: 'playback',
    route: '/sessions/:session/playback',
    as: 'otto',
    path: ({ session }) => `/console/sessions/${session}/playback`,
  },
  {
    name: 'call',
    route: '/calls/:call',
    as: 'otto',
    path: ({ call }) => `/console/calls/${call}`,
  },
  {
    name: 'replay',
    route: '/replays/:id',
    as: 'otto',
    path: ({ replay }) => `/console/replays/${replay}`,
  },
  { name: 'tables', route: '/tables', as: 'otto', path: () => '/console/tables' },
  {
    name: 'table',
    route: '/tables/:table',
    as: 'otto',
    path: () => '/console/tables/acme.hospital.patients',
  },
  { name: 'approvals', route: '/approvals', as: 'petra', path: () => '/console/approvals' },
  {
    name: 'approval',
    route: '/approvals/:id',
    as: 'petra',
    path: ({ waiting }) => `/console/approvals/${waiting}`,
  },
  {
    name: 'approval-settled',
    route: '/approvals/:id',
    as: 'petra',
    path: ({ approval }) => `/console/approvals/${approval}`,
  },
  { name: 'policy', route: '/policy', as: 'otto', path: () => '/console/policy' },
  { name: 'log', route: '/log', as: 'otto', path: () => '/console/log' },
  { name: 'report', route: '/report', as: 'otto', path: () => '/console/report' },
  { name: 'reviews', route: '/reviews', as: 'otto', path: () => '/console/reviews' },
]

const Calls = z.object({
  calls: z.array(
    z.object({
      call: z.string(),
      session: z.string().optional(),
      grant: z.string().optional(),
    }),
  ),
})

/** Finds what the pages are to show: a query that read `patients.ssn` after Petra's yes, and one that waits for her. */
export async function shownOn(place: Place): Promise<Shown> {
  const found = await askGateway(
    place,
    'otto',
    '/v1/calls?column=patients.ssn&decision=require-approval',
  )
  const [call] = Calls.parse(found).calls
  if (call?.session === undefined || call.grant === undefined)
    throw new Error('nobody read patients.ssn after an approval')
  return {
    call: call.call,
    session: call.session,
    approval: call.grant,
    waiting: await held(place),
    replay: (await replayed(place)).replay.replace('replay~', ''),
  }
}
