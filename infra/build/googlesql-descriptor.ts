import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { generateDescriptor } from '../../shared/adapters/googlesql/generate-descriptor.ts'
import { descriptorFile, googleSqlPackage } from '../../shared/adapters/googlesql/package-files.ts'

/**
 * `npm run prepare`: writes GoogleSQL's protocol as JSON, unless it is there for this version.
 * The version stands in a file of its own, so that the descriptor is exactly what protobufjs reads.
 */
const { folder, version } = googleSqlPackage()
const versionFile = `${descriptorFile}.version`

const present =
  existsSync(descriptorFile) &&
  existsSync(versionFile) &&
  readFileSync(versionFile, 'utf8') === version

if (!present) {
  mkdirSync(dirname(descriptorFile), { recursive: true })
  // Renamed into place: a reader never sees half a file.
  const partial = `${descriptorFile}.${process.pid}`
  writeFileSync(partial, generateDescriptor(folder))
  renameSync(partial, descriptorFile)
  writeFileSync(versionFile, version)
}
process.stdout.write(
  `googlesql ${version}: descriptor ${present ? 'is up to date' : 'written'} at ${descriptorFile}\n`,
)
