import { inject } from 'vitest'

/** The file to start of a program that tests start many times: bundled once in a test run. */
export async function childFile(name: 'gateway-child' | 'sealer-child'): Promise<string> {
  const response = await fetch(`${inject('emulatorBroker')}/${name}`)
  if (!response.ok) throw new Error(await response.text())
  const { file } = (await response.json()) as { file: string }
  return file
}

/** Node need not compile it anew for every process. */
export const COMPILED = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }
