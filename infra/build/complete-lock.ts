/**
 * `npm run lock`: writes the lock file and adds the optional packages that npm left out because the
 * registry at hand has them only for some platforms. `npm ci` of npm 11 refuses a lock without them.
 * They come without a hash, which npm takes for packages it does not install.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

import { z } from 'zod'

const Lock = z.record(z.string(), z.unknown())
const Packages = z.record(z.string(), z.unknown())
const Package = z.object({
  dev: z.boolean().default(false),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'win32',
]
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]

execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { stdio: 'inherit' })
const lock = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
const packages = Packages.parse(lock['packages'])
let added = 0
for (const [path, entry] of Object.entries(packages)) {
  const { dev, optionalDependencies } = Package.parse(entry)
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(path, name)) continue
    packages[`node_modules/${name}`] = { version, ...(dev ? { dev } : {}), ...platformOf(name) }
    added += 1
  }
}
const sorted = Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'))
const text = JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)
writeFileSync('package-lock.json', `${text}\n`)
process.stdout.write(`package-lock.json: ${added} packages of other platforms added\n`)

/** Whether the lock has a package that the one at `path` would find, as Node looks for it. */
function isLocked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in packages) return true
    if (at === '') return false
  }
}

/** The platform a package is for, by the words of its name. */
function platformOf(name: string): object {
  const words = name.split(/[-/]/)
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor))
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : ['glibc']
  return {
    ...(cpu.length === 0 ? {} : { cpu }),
    ...(os[0] === 'linux' && words.some((word) => /^(gnu|musl)/.test(word)) ? { libc } : {}),
    optional: true,
    ...(os.length === 0 ? {} : { os }),
  }
}
