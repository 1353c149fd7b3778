#!/usr/bin/env node
/** `sluice`: the command line. */
import { sluice } from './sluice.ts'

// Whoever reads may have seen enough, such as `sluice entries | head`.
process.stdout.once('error', () => process.exit(1))
process.exitCode = await sluice(process.argv.slice(2))
