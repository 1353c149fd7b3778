import type { GrantId } from '../../approval/grant.ts'
import { escapeMarkup } from './blocks.ts'

/** Where all of it can be read, in markup: a link, or how to ask for it. */
export function whereToLook(id: GrantId, consoleUrl: string | undefined): string {
  const command = `\`sluice approvals show ${id}\``
  return consoleUrl === undefined
    ? command
    : `<${linkable(consoleUrl)}/approvals/${id}|the console> or ${command}`
}

/** Ends neither the link nor its address. */
function linkable(url: string): string {
  return escapeMarkup(new URL(url).href.replace(/\/$/, '')).replaceAll('|', '%7C')
}
