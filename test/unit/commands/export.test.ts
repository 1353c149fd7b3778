import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, expect, test } from 'vitest'

import { httpListener } from '../../../functions/http-listener.ts'
import { exportApiWorld } from '../../support/export-api-world.ts'
import { linesOf, verdictOn } from '../../support/export-world.ts'
import { ISSUER } from '../../support/people.ts'
import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-export-'))
const out = join(folder, 'bundle.ndjson')
const servers: ReturnType<typeof createServer>[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})
afterEach(() => rmSync(out, { force: true }))

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function gateway(...of: Parameters<typeof exportApiWorld>) {
  const world = exportApiWorld(...of)
  const ana = await world.sessionOf('ana')
  await world.call(ana)
  await world.seal()
  const url = await served(httpListener(world.app.fetch))
  const tokens = {
    otto: join(folder, 'otto'),
    petra: join(folder, 'petra'),
    ana: join(folder, 'ana'),
  }
  for (const name of ['otto', 'petra', 'ana'] as const)
    writeFileSync(tokens[name], await world.token(name))
  return {
    ...world,
    session: ana.id,
    run: (as: keyof typeof tokens, ...args: readonly string[]) =>
      runSluice('export', '--gateway', url, '--token-file', tokens[as], ...args),
  }
}

const files = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('bundle.ndjson'))

test('to standard output: a bundle that verifies, and nothing else', async () => {
  const world = await gateway()
  const { code, out: text, err } = await world.run('otto', '--all')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(await verdictOn(Buffer.from(text))).toMatchObject({ problems: [] })
})

test('to a file, which its owner alone reads', async () => {
  const world = await gateway()
  const { code, out: said } = await world.run('otto', '--session', world.session, '--out', out)
  expect(code).toBe(0)
  expect(said).toMatch(/^\d+ lines, 0\.0 MB: .*bundle\.ndjson; `sluice verify .*`\n$/)
  expect(files()).toEqual(['bundle.ndjson'])
  expect(statSync(out).mode & 0o777).toBe(0o600)
  const lines = linesOf(readFileSync(out))
  expect(lines[0]).toMatchObject({ scope: { session: world.session }, private: false })
  expect(lines).toHaveLength(Number(said.split(' ')[0]))
})

test('options become the query', async () => {
  const world = await gateway()
  const checkpoint = join(folder, 'checkpoint')
  writeFileSync(checkpoint, world.objects.stored.get('checkpoint') ?? '')
  const somebody = ['--principal', ISSUER, 'ana'] as const
  const span = ['--from', '2026-01-01', '--to', '2099-01-01T00:00:00+01:00'] as const
  const more = ['--private', '--previous', checkpoint] as const
  expect(await world.run('petra', ...somebody, ...span, ...more)).toMatchObject({ code: 0 })
  const events = await world.run('petra', '--all', '--format', 'ocsf')
  expect(JSON.parse(events.out.split('\n')[0] ?? '')).toMatchObject({ class_uid: 6005 })
  const size = world.objects.stored.get('checkpoint')?.toString().split('\n')[1]
  expect(await world.recorded()).toEqual([
    {
      principal: `${ISSUER} ana`,
      from: '2026-01-01T00:00:00.000Z',
      to: '2098-12-31T23:00:00.000Z',
      format: 'bundle',
      previous: size,
      private: true,
    },
    { all: 'true', format: 'ocsf', private: false },
  ])
})

test.each([
  [[]],
  [['--all', '--session', 'a'.repeat(26)]],
  [['--principal', ISSUER]],
  [['--all', '--format', 'pdf']],
  [['--all', '--format', 'ocsf', '--previous', 'x']],
  [['--from', 'yesterday']],
])('%j: wrong usage, and nobody is asked', async (args) => {
  const world = await gateway()
  const { code, out: text, err } = await world.run('otto', ...args, '--out', out)
  expect({ code, text }).toEqual({ code: 2, text: '' })
  expect(err).toMatch(/^error: .*\n$/)
  expect(files()).toEqual([])
  expect(await world.recorded()).toEqual([])
})

test('what is refused leaves no file', async () => {
  const world = await gateway()
  const { code, err } = await world.run('ana', '--all', '--out', out)
  expect(code).toBe(1)
  expect(err).toMatch(/^error: Access Denied: the record is for auditors, .*\n$/)
  expect(files()).toEqual([])
})

test.each([
  {
    how: 'a connection that breaks',
    listener: ((_, response) => {
      response.writeHead(200)
      response.write('{"t":"entry"}\n')
      setTimeout(() => response.destroy(), 20)
    }) satisfies RequestListener,
  },
  {
    how: 'a bundle without an end',
    listener: ((_, response) => response.end('{"t":"entry"}\n')) satisfies RequestListener,
  },
])('$how leaves no file, and what was there before', async ({ listener }) => {
  const url = await served(listener)
  writeFileSync(out, 'from yesterday')
  const token = join(folder, 'token')
  writeFileSync(token, 'x')
  const args = ['--gateway', url, '--token-file', token, '--all', '--out', out]
  const { code, err } = await runSluice('export', ...args)
  expect({ code, err }).toEqual({
    code: 1,
    err: 'error: the gateway broke off: what came is not all of it; export it again\n',
  })
  expect(files()).toEqual(['bundle.ndjson'])
  expect(readFileSync(out, 'utf8')).toBe('from yesterday')
})

test('a folder that is not there, and a gateway that is not', async () => {
  const world = await gateway()
  const nowhere = join(folder, 'nowhere', 'bundle.ndjson')
  expect(await world.run('otto', '--all', '--out', nowhere)).toMatchObject({ code: 1, out: '' })
  const url = await served(() => {})
  servers.pop()?.close()
  const token = join(folder, 'otto')
  const gone = await runSluice('export', '--gateway', url, '--token-file', token, '--all')
  expect(gone).toEqual({ code: 1, out: '', err: `error: no answer: \`${url}\`\n` })
})
