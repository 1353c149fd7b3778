import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { validate } from 'dockerfile-utils'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const dockerfile = read('Dockerfile')

/** Instructions in their order, with what is continued on the next line. */
const instructionsOf = (text: string) =>
  text
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => {
      const [, name, rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
      return name === undefined ? [] : [{ name, rest }]
    })
const instructions = instructionsOf(dockerfile)
const of = (name: string, among = instructions) =>
  among.flatMap((each) => (each.name === name ? [each.rest] : []))
/** What the image that runs is made by. */
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))

const Manifest = z.object({
  devDependencies: z.object({ node: z.string() }),
  scripts: z.record(z.string(), z.string()),
})
const manifest = Manifest.parse(JSON.parse(read('package.json')))

describe('the Dockerfile', () => {
  test('has nothing that its linter objects to', () => {
    expect(validate(dockerfile)).toEqual([])
    // It would say so.
    expect(validate('FROM node:24\nCPOY . .\n')).toHaveLength(1)
  })

  test('begins with images of a version, for the platform that GoogleSQL is there for', () => {
    const images = of('FROM')
    expect(images).toHaveLength(2)
    for (const image of images) {
      expect(image).toMatch(/^--platform=linux\/amd64 /)
      expect(image).not.toMatch(/:latest|\/[^:@]+$/)
    }
    expect(images[0]).toContain(`node:${manifest.devDependencies.node}-`)
    expect(images[1]).toMatch(/distroless\/nodejs24-debian12:nonroot$/)
  })

  test('runs as nobody in particular, by number, so that Kubernetes can see it', () => {
    const [user = ''] = of('USER', last)
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(last.findIndex(({ name }) => name === 'USER')).toBeLessThan(
      last.findIndex(({ name }) => name === 'CMD'),
    )
  })

  test('takes into the image nothing but the function that was built', () => {
    expect(of('COPY', last)).toEqual(['--from=build /function ./'])
    expect(of('ADD')).toEqual([])
    expect(of('RUN', last)).toEqual([])
  })

  test('has no secret among its arguments and variables', () => {
    expect(of('ARG')).toEqual(['FUNCTION=gateway', 'FUNCTION=gateway'])
    expect(of('ENV')).toEqual([
      'NODE_ENV=production NODE_COMPILE_CACHE=/function/.compile-cache NODE_COMPILE_CACHE_PORTABLE=1 FUNCTION_TARGET=$FUNCTION PORT=8080',
    ])
    expect(dockerfile).not.toMatch(/SLUICE_|TOKEN|SECRET|PASSWORD/)
  })

  test('runs scripts that there are, and starts the framework that the function was built for', () => {
    const scripts = [...dockerfile.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
    // The second one is that of the function.
    expect(scripts).toEqual(['build', 'build', 'gcp-build'])
    expect(manifest.scripts).toHaveProperty('build')
    expect(read('infra/build/bundle/entry-files.ts')).toContain("'gcp-build'")
    const [, main = ''] = /\["node_modules\/(.*)"\]/.exec(of('CMD').join('')) ?? []
    const Bin = z.object({ bin: z.record(z.string(), z.string()) })
    const name = '@google-cloud/functions-framework'
    const { bin } = Bin.parse(JSON.parse(read(`node_modules/${name}/package.json`)))
    expect(Object.values(bin).map((path) => join(name, path))).toContain(main)
  })
})

test('a build sees what it reads, and no policy, no key and no state', () => {
  const [first, ...rest] = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(first).toBe('*')
  expect(rest.every((line) => line.startsWith('!'))).toBe(true)
  const seen = rest.map((line) => line.slice(1))
  for (const folder of ['functions', 'shared', 'infra/build']) expect(seen).toContain(folder)
  for (const folder of [
    'infra',
    'infra/policy',
    'infra/local',
    'dist',
    '.sluice',
    'test',
    'node_modules',
  ])
    expect(seen).not.toContain(folder)
})

test('the deployment for Kubernetes runs it as nobody, on a file system that it cannot write', () => {
  const [, manifestText = ''] =
    /^```yaml\n(# Kubernetes[\s\S]*?)^```$/m.exec(read('docs/deploy.md')) ?? []
  const deployment: unknown = parse(manifestText)
  expect(deployment).toMatchObject({
    kind: 'Deployment',
    spec: {
      template: {
        spec: {
          securityContext: { runAsNonRoot: true },
          containers: [
            {
              ports: [{ containerPort: 8080 }],
              readinessProbe: { httpGet: { path: '/readyz', port: 8080 } },
              livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  })
})
