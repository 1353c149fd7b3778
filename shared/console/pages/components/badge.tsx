import type { Child } from 'hono/jsx'

import { Icon, type IconName } from './icon.tsx'

/** What a badge is about: each has a shape besides its colour. */
export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'quiet' | 'flag' | 'mask'

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'cross',
  warn: 'warning',
  wait: 'clock',
  quiet: 'dash',
  flag: 'flag',
  mask: 'mask',
}

/** A word or two about a state, told apart by shape and text, not by colour alone. */
export function Badge({
  tone,
  title,
  children,
}: {
  readonly tone: Tone
  readonly title?: string
  readonly children?: Child
}) {
  return (
    <span class={`badge ${tone}`} title={title}>
      <Icon name={icons[tone]} />
      {children}
    </span>
  )
}
