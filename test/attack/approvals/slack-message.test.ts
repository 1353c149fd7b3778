import { expect, test } from 'vitest'

import { approvalMessage } from '../../../shared/approval-desk/slack/block-kit.ts'
import { blockProblems } from '../../support/block-kit-limits.ts'
import { guarantee } from '../../support/guarantee.ts'
import { slackDesk } from '../../support/slack-desk.ts'
import { slackGrant } from '../../support/slack-grant.ts'

const shown = (sql: string, told = {}) =>
  approvalMessage({ grant: slackGrant({ sql, told }), news: 'asked', consoleUrl: undefined })

/** Everything that Slack would read as markup. */
function markupOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => markupOf(each))
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)]
  return Object.values(value).flatMap((each) => markupOf(each))
}

guarantee('shown-as-it-is', () => {
  const sql =
    "SELECT '```', '<!channel> <@U0PIA> <https://evil.example|the console>', '*bold* `code` :tada: &lt;' FROM t"
  const { blocks, text } = shown(sql, { justification: sql, tables: ['<!here>', '```'] })
  // As it is, in a box that nothing in it can end.
  expect(blocks).toContainEqual({
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: sql }] }],
  })
  for (const markup of markupOf(blocks)) {
    expect(markup).not.toMatch(/evil|channel|here|U0PIA|```/)
  }
  expect(text).not.toMatch(/<|>/)

  const disguised = shown("SELECT '\u202E\u200B\uFEFF\u{E0041}' FROM `p\u0430tients`")
  const said = JSON.stringify(disguised.blocks)
  expect(said).not.toMatch(/[\u202E\u200B\uFEFF]/)
  expect(said).toContain('\\\\u202E\\\\u200B\\\\uFEFF\\\\U000E0041')
  expect(said).toContain('4 characters of the SQL cannot be seen')
  expect(said).toContain('may look like others: p\\\\u0430tients')

  const long = `SELECT ${'1, '.repeat(34_000)} ssn FROM t`
  const cut = shown(long)
  expect(JSON.stringify(cut.blocks[1])).toContain(
    `The SQL is cut: 2,800 of ${long.length.toLocaleString('en-US')} characters shown.`,
  )
  expect(blockProblems(cut.blocks)).toEqual([])
  expect(JSON.stringify(cut).length).toBeLessThan(12_000)
})

test('B53 100 kB of SQL is posted, and Slack takes it', async () => {
  const other = await slackDesk()
  await other.announce.tell(
    slackGrant({ sql: `SELECT '${'\u202E```<&>'.repeat(14_000)}'` }),
    'asked',
  )
  expect(other.stand.messages).toHaveLength(1)
  await other.close()
})
