import { Option } from 'commander'

/** `--gateway URL`, the same for every command. */
export function gatewayOption(): Option {
  return new Option('--gateway <url>', "the gateway's URL")
    .env('SLUICE_GATEWAY')
    .default('http://127.0.0.1:8080', 'the local stack')
    .argParser((url) => url.replace(/\/+$/, ''))
}
