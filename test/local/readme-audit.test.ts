import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { beforeAll, describe, expect, test } from 'vitest'

import { callList } from '../../shared/console/views/call-view.ts'
import { SEEDING_MS, seededStack } from '../browser/support/seeded.ts'
import type { SeededStack } from '../support/seeded-stack.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const [, section = ''] = /^## Find out who read what$([\s\S]*?)^## /m.exec(readme) ?? []
const commands = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)

describe('who read what, as the README asks it of a seeded day', { timeout: 120_000 }, () => {
  let stack: SeededStack
  beforeAll(async () => {
    stack = await seededStack()
  }, SEEDING_MS)

  const paste = async (block: string): Promise<string> => {
    const line = block.replaceAll('http://127.0.0.1:8080', stack.gateway)
    const env = { ...process.env, SLUICE_GATEWAY: stack.gateway }
    const { stdout } = await run('bash', ['-euc', line], { cwd: root, env, timeout: 60_000 })
    return stdout
  }

  test('the day was seeded by the first command', () => {
    expect(commands[0]).toBe('npm run seed && npm start\n')
    expect(stack.said).toMatch(/^seeded \d{4}-\d\d-\d\d: \d+ calls in \d+ sessions/m)
  })

  test('one line says who read patients.ssn, through which agent, who approved it, and what they saw', async () => {
    const answer = await paste(commands[1] ?? '')
    expect(answer).toMatch(
      /mcp-agent +genai-toolbox\/1\.12\.0 .*petra@acme\.example +\d+ rows: ssn as LAST_FOUR/,
    )
  })

  test('one call of the API says the same', async () => {
    const { calls } = callList.parse(JSON.parse(await paste(commands[2] ?? '')))
    const held = calls.find(({ approvers }) => approvers.length > 0)
    expect(held).toMatchObject({
      principal: { subject: 'mcp-agent' },
      claimed: { server: expect.stringContaining('genai-toolbox') },
      approvers: ['petra@acme.example'],
      masked: expect.arrayContaining([
        { column: 'acme.hospital.patients.ssn', mask: 'LAST_FOUR_CHARACTERS' },
      ]),
    })
  })

  test('sessions are listed, and another policy is tried on them', async () => {
    expect(await paste(commands[3] ?? '')).toMatch(/ana@acme\.example/)
    const tried = await paste(`${commands[4]?.trim()} || [ $? = 3 ]`)
    expect(tried).toMatch(/\d+ calls/)
  })

  test('no command of the section is left out here', () => {
    expect(commands).toHaveLength(5)
  })
})
