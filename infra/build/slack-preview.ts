/** Renders a message for Slack, kept as JSON, to an image: `node infra/build/slack-preview.ts MESSAGE.json OUT.png`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { z } from 'zod'

import { previewPage } from '../../shared/approval-desk/slack/preview-page.ts'

const Message = z.object({
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())),
})

const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) {
  process.stderr.write('usage: node infra/build/slack-preview.ts MESSAGE.json OUT.png\n')
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'sluice-preview-'))
try {
  const page = join(folder, 'page.html')
  const message = Message.parse(JSON.parse(readFileSync(from, 'utf8')))
  writeFileSync(page, await previewPage(message))
  const options = ['--headless', '--no-sandbox', '--hide-scrollbars', '--window-size=752,540']
  execFileSync('chromium', [...options, `--screenshot=${resolve(to)}`, `file://${page}`], {
    stdio: 'ignore',
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
