/** Runs a program and ends with it; kills it, and all it started, when standard input ends. */
import { spawn } from 'node:child_process'

const [command, ...args] = process.argv.slice(2)
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
child.on('error', () => process.exit(127))
child.on('exit', (code) => process.exit(code ?? 1))
// Whoever starts this makes it the head of a process group.
process.stdin.resume().on('end', () => process.kill(-process.pid, 'SIGKILL'))
