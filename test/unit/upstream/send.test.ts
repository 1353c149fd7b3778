import { Dispatcher } from 'undici'
import { expect, test } from 'vitest'

import { send } from '../../../shared/adapters/bigquery/send.ts'

/** undici without a network: what it calls, and what it was told. */
class ScriptedDispatcher extends Dispatcher {
  readonly aborted: Error[] = []
  readonly #script: (
    handler: Required<Dispatcher.DispatchHandler>,
    controller: Dispatcher.DispatchController,
  ) => void

  constructor(script: ScriptedDispatcher['script']) {
    super()
    this.#script = script
  }

  get script() {
    return this.#script
  }

  override dispatch(
    _options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const controller = { abort: (reason: Error) => this.aborted.push(reason) }
    this.#script(
      handler as Required<Dispatcher.DispatchHandler>,
      controller as unknown as Dispatcher.DispatchController,
    )
    return true
  }
}

const request = { origin: 'http://127.0.0.1', path: '/', method: 'POST' }
const limits = { signal: new AbortController().signal, timeoutMs: 1000, maxReplyBytes: 1000 }

test('undici may start a request once; the second time it is stopped before a byte is written', async () => {
  const dispatcher = new ScriptedDispatcher((handler, controller) => {
    handler.onRequestStart(controller, null)
    expect(dispatcher.aborted).toEqual([])
    handler.onRequestStart(controller, null)
  })
  expect(await send(dispatcher, request, limits)).toEqual({
    ok: false,
    error: { problem: 'upstream-unreachable', mayHaveRun: true, detail: 'connection lost' },
  })
  expect(dispatcher.aborted.length).toBeGreaterThan(0)
})

test('an interim answer is not the answer', async () => {
  const dispatcher = new ScriptedDispatcher((handler, controller) => {
    handler.onRequestStart(controller, null)
    handler.onResponseStart(controller, 103, { 'content-length': '9999', link: '</x>' })
    handler.onResponseStart(controller, 200, { 'content-type': 'application/json' })
    handler.onResponseData(controller, Buffer.from('{'))
    handler.onResponseData(controller, Buffer.from('}'))
    handler.onResponseEnd(controller, {})
  })
  expect(await send(dispatcher, request, limits)).toEqual({
    ok: true,
    value: { status: 200, contentType: 'application/json', body: Buffer.from('{}') },
  })
})

test('a request undici cannot write is our bug, and its words stay in', async () => {
  const dispatcher = new ScriptedDispatcher((handler, controller) => {
    const cause = Object.assign(new Error('invalid header: canary'), {
      code: 'UND_ERR_INVALID_ARG',
    })
    handler.onResponseError(controller, cause)
  })
  await expect(send(dispatcher, request, limits)).rejects.toThrow('undici takes no such request')
})

test('without time nothing is tried', async () => {
  const dispatcher = new ScriptedDispatcher(() => expect.unreachable())
  const reply = await send(dispatcher, request, { ...limits, timeoutMs: 0 })
  expect(reply).toEqual({ ok: false, error: { problem: 'upstream-timeout', mayHaveRun: false } })
})

test.each([
  ['less', ['{', '}']],
  ['more', ['{', '}'.repeat(20)]],
])('%s than announced is not delivered: the rest would be old memory', async (_name, chunks) => {
  const dispatcher = new ScriptedDispatcher((handler, controller) => {
    handler.onRequestStart(controller, null)
    const headers = { 'content-type': 'application/json', 'content-length': '10' }
    handler.onResponseStart(controller, 200, headers)
    for (const chunk of chunks) handler.onResponseData(controller, Buffer.from(chunk))
    handler.onResponseEnd(controller, {})
  })
  expect(await send(dispatcher, request, limits)).toMatchObject({
    error: { problem: 'upstream-garbled', mayHaveRun: true },
  })
})
