import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { previewPage } from '../../../../shared/approval-desk/slack/preview-page.ts'

const folder = join(import.meta.dirname, 'messages')
const kept = readdirSync(folder)

test.each(kept)('%s is shown without a block that the page does not know', async (name) => {
  const page = await previewPage(JSON.parse(readFileSync(join(folder, name), 'utf8')))
  expect(page).not.toContain('&quot;type&quot;')
  expect(page).not.toMatch(/<script|<img|<a |javascript:|on\w+=/i)
})

test('what others wrote is text, whatever it looks like', async () => {
  const evil = '</pre><script>alert(1)</script>'
  const page = await previewPage({
    text: evil,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: evil } },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: evil }] }],
      },
      { type: 'unheard-of', text: evil },
    ],
  })
  expect(page).not.toContain('<script>')
  expect(page).toContain('unheard-of')
})

test('the picture in the docs is there', () => {
  const docs = join(import.meta.dirname, '../../../../docs')
  expect(readFileSync(join(docs, 'approvals.md'), 'utf8')).toContain('(slack-approval.png)')
  expect(readFileSync(join(docs, 'slack-approval.png')).subarray(1, 4).toString()).toBe('PNG')
})
