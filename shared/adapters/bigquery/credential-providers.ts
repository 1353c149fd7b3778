import { unreachable } from '../../kernel/unreachable.ts'
import type { Connection, CredentialSource } from '../../policy/policy.ts'
import { type CredentialProvider, noCredential } from './credential.ts'
import {
  impersonatedCredential,
  type ImpersonatedCredentialOptions,
} from './impersonated-credential.ts'
import { secretCredential, type SecretCredentialOptions } from './secret-credential.ts'

export type CredentialProvidersOptions = Omit<SecretCredentialOptions, 'secret'> &
  Omit<ImpersonatedCredentialOptions, 'serviceAccount'>

/**
 * The credential of each connection in policy, by its id. Nothing is read before the first query.
 * Throws for an id that is not there: no connection ever borrows another one's credential.
 */
export function credentialProviders(
  connections: readonly Connection[],
  options: CredentialProvidersOptions,
): (connectionId: string) => CredentialProvider {
  const providers = new Map(
    connections.map(({ id, credential }) => [id, credentialProvider(credential, options)]),
  )
  return (connectionId) => {
    const provider = providers.get(connectionId)
    if (provider === undefined) throw new Error(`unknown connection \`${connectionId}\``)
    return provider
  }
}

function credentialProvider(
  source: CredentialSource,
  options: CredentialProvidersOptions,
): CredentialProvider {
  switch (source.kind) {
    case 'none':
      return noCredential
    case 'secret':
      return secretCredential({ ...options, secret: source.secret })
    case 'impersonate':
      return impersonatedCredential({ ...options, serviceAccount: source.serviceAccount })
    default:
      return unreachable(source)
  }
}
