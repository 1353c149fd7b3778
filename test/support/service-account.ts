import {
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  randomBytes,
} from 'node:crypto'

/** A service account with a key nobody else has: what a secret holds, and what must never leak. */
export interface TestServiceAccount {
  readonly email: string
  readonly publicKey: KeyObject
  readonly keyId: string
  /** The lines of the private key in PEM. */
  readonly pem: string
  /** The JSON that Google hands out. */
  readonly keyFile: Buffer
}

/** RSA keys. Takes a tenth of a second or so: make a pair per test file, not per test. */
export function rsaKeys(modulusLength = 2048): KeyPairKeyObjectResult {
  return generateKeyPairSync('rsa', { modulusLength })
}

/** An account of the acme project with these keys and an id of its own for them. */
export function testServiceAccount(
  tokenUri: string,
  { privateKey, publicKey }: KeyPairKeyObjectResult,
): TestServiceAccount {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const email = 'bigquery-reader@acme.iam.gserviceaccount.com'
  const keyId = randomBytes(20).toString('hex')
  const file = {
    type: 'service_account',
    project_id: 'acme',
    private_key_id: keyId,
    private_key: pem,
    client_email: email,
    client_id: '100000000000000000001',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: tokenUri,
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: 'googleapis.com',
  }
  return { email, publicKey, keyId, pem, keyFile: Buffer.from(JSON.stringify(file, null, 2)) }
}
