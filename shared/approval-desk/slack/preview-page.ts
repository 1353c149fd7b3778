import { html, raw } from 'hono/html'

import type { SlackBlock, SlackMessage } from '../../approval/slack-web.ts'

/**
 * A message as Slack shows it, nearly enough to judge it by: an HTML page without scripts, for people who review
 * what approvers will see. Blocks that Sluice does not use are shown as their JSON.
 */
export async function previewPage(message: SlackMessage, app = 'Sluice'): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${message.text}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <article>
          <div class="icon" aria-hidden="true"></div>
          <div class="message">
            <p class="name"><b>${app}</b> <span class="app">APP</span></p>
            ${message.blocks.map(block)}
          </div>
        </article>
      </body>
    </html>`
  return page.toString()
}

type Html = ReturnType<typeof html>

function block(one: SlackBlock): Html {
  switch (one['type']) {
    case 'header':
      return html`<h1>${textOf(one['text'])}</h1>`
    case 'section':
      return html`<p>${markup(textOf(one['text']))}</p>`
    case 'context':
      return html`<p class="context">
        ${list(one['elements']).map((each) => markup(textOf(each)))}
      </p>`
    case 'rich_text':
      return html`${list(one['elements']).map(richText)}`
    case 'actions':
      return html`<p class="actions">${list(one['elements']).map(button)}</p>`
    default:
      return html`<pre>${JSON.stringify(one, undefined, 2)}</pre>`
  }
}

function richText(element: SlackBlock): Html {
  const parts = list(element['elements']).map(inline)
  return element['type'] === 'rich_text_preformatted'
    ? html`<pre>${parts}</pre>`
    : html`<p class="rich">${parts}</p>`
}

function inline(element: SlackBlock): Html {
  const text = String(element['type'] === 'date' ? element['fallback'] : element['text'])
  const style = element['style']
  return isBlock(style) && style['bold'] === true ? html`<b>${text}</b>` : html`${text}`
}

function button(element: SlackBlock): Html {
  const style = typeof element['style'] === 'string' ? element['style'] : 'plain'
  return html`<span class="button ${style}">${textOf(element['text'])}</span>`
}

/** Slack's markup, as far as Sluice writes it: bold, code, links and dates. */
function markup(text: string): Html {
  const parts = text.split(/(\*[^*\n]+\*|`[^`\n]+`|<[^<>\n]+>)/)
  return html`${parts.map((part) => {
    if (/^\*.+\*$/s.test(part)) return html`<b>${unescaped(part.slice(1, -1))}</b>`
    if (/^`.+`$/s.test(part)) return html`<code>${unescaped(part.slice(1, -1))}</code>`
    const [, shown] = /^<[^|]*\|(.*)>$/s.exec(part) ?? []
    if (shown === undefined) return html`${unescaped(part)}`
    return part.startsWith('<!') ? html`${unescaped(shown)}` : html`<u>${unescaped(shown)}</u>`
  })}`
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

function textOf(value: unknown): string {
  if (!isBlock(value)) return ''
  return typeof value['text'] === 'string' ? value['text'] : ''
}

function list(value: unknown): readonly SlackBlock[] {
  return Array.isArray(value) ? value.filter(isBlock) : []
}

function isBlock(value: unknown): value is SlackBlock {
  return typeof value === 'object' && value !== null
}

const STYLE = `
  body { margin: 0; padding: 16px; background: #fff; color: #1d1c1d; width: 720px;
    font: 15px/1.46 Lato, "Helvetica Neue", Arial, sans-serif; }
  article { display: flex; gap: 10px; }
  .icon { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #1d5fa8; }
  .message { min-width: 0; }
  p { margin: 4px 0; } .name { margin: 0; }
  .app { font-size: 10px; background: #e8e8e8; color: #454447; border-radius: 2px; padding: 1px 3px; }
  h1 { font-size: 18px; margin: 4px 0 6px; overflow-wrap: anywhere; }
  .rich { white-space: pre-wrap; overflow-wrap: anywhere; }
  pre { margin: 6px 0; padding: 8px; border: 1px solid #ddd; border-radius: 4px; background: #f8f8f8;
    font: 12px/1.5 Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
  code { color: #b3124f; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px; background: #f8f8f8;
    font: 12px Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  u { color: #1264a3; text-decoration: none; }
  .context { color: #616061; font-size: 13px; overflow-wrap: anywhere; }
  .actions { display: flex; gap: 8px; margin: 8px 0; }
  .button { border: 1px solid #bbb; border-radius: 4px; padding: 5px 12px; font-weight: 700; }
  .button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
  .button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
`
