/** Paths on a field of 16 by 16, drawn with strokes. */
const paths = {
  overview: 'M2 14V9m4 5V2m4 12V6m4 8v-4',
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm3.5-1.5L14 14',
  sessions: 'M2 4h12M2 8h8M2 12h5M13 10v4m-2-2h4',
  approvals: 'M8 1.5 13.5 4v4c0 3-2.2 5.3-5.5 6.5C4.7 13.3 2.5 11 2.5 8V4ZM5.5 8l2 2 3.3-3.8',
  tables: 'M2 3h12v10H2zM2 6.5h12M6.5 6.5V13',
  policy: 'M4 1.5h6l3 3v10H4zM6.5 7h4m-4 2.5h4M6.5 12h2.5',
  log: 'M8 2v4m0 0L4 10m4-4 4 4M8 2h.010M4 10v.010M12 10v.010M4 14v-4m8 4v-4',
  reviews:
    'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  check: 'm3 8.5 3.2 3.2L13 5',
  cross: 'm4 4 8 8m0-8-8 8',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9.5V8l2.5 1.5',
  warning: 'M8 2 15 14H1Zm0 4.5v3.5m0 1.8v.1',
  dash: 'M4 8h8',
  flag: 'M3.5 14.5v-13m0 1.5h9l-2 3 2 3h-9',
  copy: 'M5.5 5.5v-4h9v9h-4m-9-5h9v9h-9z',
  menu: 'M2 4h12M2 8h12M2 12h12',
  theme: 'M8 2a6 6 0 1 0 0 12ZM8 2a6 6 0 0 1 0 12',
  person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 6.5c.5-3 3-4.5 6-4.5s5.5 1.5 6 4.5',
  agent: 'M3 6h10v7H3zM8 6V3m0 0h.010M6 9v1m4-1v1M1.5 9v2m13-2v2',
  bigquery: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm3.5-1.5L14 14M5 8.5V7m2 1.5V5m2 3.5V6',
  mask: 'M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4ZM3 14 13 2',
  next: 'm6 3 5 5-5 5',
  link: 'M9.5 2.5h4v4m0-4L7 9M11.5 9v4.5h-9v-9H7',
  more: 'M8 3v10M3 8h10',
} as const

export type IconName = keyof typeof paths

/** A small picture that says nothing by itself: the words are beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
