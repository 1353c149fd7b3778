/** Preloaded into every server: answers each message with what the process has used so far. */
import { readFileSync, readdirSync } from 'node:fs'

/** CPU in milliseconds since the process started. */
export interface Usage {
  readonly cpuMs: number
  /** Of its child processes, which is GoogleSQL; 0 where there is no /proc to read it from. */
  readonly childrenCpuMs: number
  readonly rssMiB: number
  /** Likewise. */
  readonly childrenRssMiB: number
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const usage: Usage = {
    cpuMs: (user + system) / 1000,
    childrenCpuMs: sumOverChildren((pid) => ticks(pid) * 10),
    rssMiB: process.memoryUsage.rss() / 2 ** 20,
    childrenRssMiB: sumOverChildren(residentMiB),
  }
  process.send?.(usage)
})
// The bench is over, or gone.
process.on('disconnect', () => process.exit())
process.channel?.unref()

function sumOverChildren(of: (pid: string) => number): number {
  try {
    return readdirSync('/proc/self/task')
      .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' '))
      .filter((pid) => pid !== '')
      .reduce((sum, pid) => sum + of(pid), 0)
  } catch {
    return 0
  }
}

/** proc_pid_stat(5): utime and stime, in hundredths of a second. */
function ticks(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** proc_pid_status(5): what it has of the machine's memory. */
function residentMiB(pid: string): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib ?? 0) / 1024
}
