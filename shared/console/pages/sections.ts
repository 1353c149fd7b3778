import type { Role } from '../../policy/policy.ts'

/** A part of the console, as its navigation has it. */
export interface Section {
  readonly id: SectionId
  readonly name: string
  readonly href: string
  /** Whoever has one of them is led there; undefined for everybody. The API decides what they see. */
  readonly roles: readonly Role[] | undefined
}

export type SectionId =
  | 'overview'
  | 'search'
  | 'sessions'
  | 'approvals'
  | 'tables'
  | 'policy'
  | 'log'
  | 'reviews'

const everyReader: readonly Role[] = ['auditor', 'requester']

/** The parts of the console, in the order of its navigation. */
const sections: readonly Section[] = [
  { id: 'overview', name: 'Overview', href: '/console', roles: undefined },
  { id: 'search', name: 'Search', href: '/console/search', roles: everyReader },
  { id: 'sessions', name: 'Sessions', href: '/console/sessions', roles: everyReader },
  { id: 'approvals', name: 'Approvals', href: '/console/approvals', roles: undefined },
  { id: 'tables', name: 'Tables', href: '/console/tables', roles: ['auditor'] },
  {
    id: 'policy',
    name: 'Policy',
    href: '/console/policy',
    roles: ['auditor', 'policy-admin'],
  },
  { id: 'log', name: 'Log', href: '/console/log', roles: undefined },
  { id: 'reviews', name: 'Reviews', href: '/console/reviews', roles: ['auditor'] },
]

/** The parts somebody with these roles is led to. */
export function sectionsFor(roles: readonly Role[]): readonly Section[] {
  return sections.filter((section) => section.roles?.some((role) => roles.includes(role)) ?? true)
}
