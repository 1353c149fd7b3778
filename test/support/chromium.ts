import { existsSync } from 'node:fs'

import { type Browser, chromium } from 'playwright-core'

const USUAL_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** In a container there is neither a sandbox nor a GPU; nothing shall call home. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
]

/** The Chromium of this machine: that of CHROMIUM, or one in a usual place; undefined where there is none. */
export function chromiumPath(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['CHROMIUM']
  if (named !== undefined && named !== '') return named
  return USUAL_PATHS.find((path) => existsSync(path))
}

/** One that any process can use, as its address says. Rejects when it does not start. */
export async function serveChromium(
  executablePath: string,
): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const server = await chromium.launchServer({ executablePath, args: FLAGS, host: '127.0.0.1' })
  return { address: server.wsEndpoint(), stop: () => server.close() }
}

/** Starts it. Whoever calls this closes it, which ends all of its processes. Rejects when it does not start. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS })
}
