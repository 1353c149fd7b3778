/** `npm run start:dist -- gateway [--port 8080]`: serves a built function as the platform would. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { functionList } from './bundle/function-list.ts'

const root = join(import.meta.dirname, '../..')
const [name = '', ...options] = process.argv.slice(2)
const names = functionList.map((each) => each.name)

if (!names.includes(name)) {
  process.stderr.write(
    `usage: npm run start:dist -- FUNCTION [--port PORT]\n\nFunctions: ${names.join(', ')}\n`,
  )
  process.exit(name === '--help' ? 0 : 2)
}
const source = join(root, 'dist', name)
if (!existsSync(join(source, 'index.js'))) {
  process.stderr.write(`error: it is not built; run \`npm run build -- ${name}\`\n`)
  process.exit(1)
}
const framework = join(root, 'node_modules/.bin/functions-framework')
const args = [framework, `--source=${source}`, `--target=${name}`, ...options]
const child = spawn(process.execPath, args, { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => process.exit(code ?? 1))
