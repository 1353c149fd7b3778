import { Command } from 'commander'

import { keysNewCommand } from './keys-new.ts'
import { keysTrustCommand } from './keys-trust.ts'

/** `sluice keys`: the keys of a gateway, and those of its record. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('keys of the gateway')
    .addCommand(keysNewCommand())
    .addCommand(keysTrustCommand())
}
