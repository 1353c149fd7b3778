import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import protobuf from 'protobufjs'

const require = createRequire(import.meta.url)

/**
 * GoogleSQL's messages and service as the JSON that `loadProtocol` reads, from the `.proto` files of
 * the package in `folder`. Build time only: a running gateway never parses `.proto` text.
 */
export function generateDescriptor(folder: string): string {
  const roots = [
    join(folder, 'lib/zetasql/protos'),
    // `google/protobuf/descriptor.proto` and its kind.
    dirname(require.resolve('protobufjs/package.json')),
  ]
  const root = new protobuf.Root()
  root.resolvePath = (_origin, target) =>
    roots.map((each) => join(each, target)).find((path) => existsSync(path)) ?? target
  root.loadSync('local_service.proto', { keepCase: true })
  return JSON.stringify(root.resolveAll().toJSON())
}
