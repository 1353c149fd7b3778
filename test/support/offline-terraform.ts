import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = join(import.meta.dirname, '../..')
/** Runs the real terraform against a provider that knows Google's schema and nothing else: nothing is downloaded. */
const check = join(root, '../shared/tools/terraform-offline/check.sh')

/** Whether terraform and the offline provider are there. */
export const hasOfflineTerraform =
  existsSync(check) && spawnSync('terraform', ['version']).status === 0

/** What terraform came to, and all it said. */
export interface TerraformRun {
  readonly status: number | null
  readonly said: string
}

/**
 * Terraform in a folder of modules, offline, after `init`. What it needs is kept in `work`. The provider knows, besides its own,
 * the types of `test/infra/google-schema.jsonl`: one a line, with the names and types that provider-google 6.50.0 has
 * (from @cdktf/provider-google 16.12.1, by the `extract.mjs` beside the provider).
 */
export function offlineTerraform(
  work: string,
): (folder: string, ...args: string[]) => TerraformRun {
  mkdirSync(work, { recursive: true })
  const schema = join(work, 'schema.json')
  writeFileSync(schema, withMoreTypes(readFileSync(join(dirname(check), 'schema.json'), 'utf8')))
  const terraform = (folder: string, args: readonly string[]): TerraformRun => {
    const env = {
      ...process.env,
      PROJECT: root,
      // The provider goes from where it really is.
      SCHEMA: relative(dirname(realpathSync(check)), realpathSync(schema)),
      TF_DATA_DIR: join(folder, '.terraform'),
    }
    const run = spawnSync('bash', [check, folder, ...args], { env, encoding: 'utf8' })
    return { status: run.status, said: run.stdout + run.stderr }
  }
  const ready = new Set<string>()
  return (folder, ...args) => {
    if (!ready.has(folder)) {
      const init = terraform(folder, ['init', '-backend=false', '-no-color'])
      if (init.status !== 0) return init
      ready.add(folder)
    }
    return terraform(folder, [...args, '-no-color'])
  }
}

function withMoreTypes(schema: string): string {
  const types = readFileSync(join(root, 'test/infra/google-schema.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\{"type":("\w+"),"schema":(.*)\}$/, '$1:$2'))
  return schema.replace('"resource_schemas":{', `"resource_schemas":{${types.join(',')},`)
}
