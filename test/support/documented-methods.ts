import type { DocumentedMethod, Members } from './documented-requests.ts'

const KEY = '/v1/projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/:]+'
const VERSION = `${KEY}/cryptoKeyVersions/[^/:]+`

/** Cloud KMS's of what Sluice asks. https://cloudkms.googleapis.com/$discovery/rest?version=v1 */
export const cloudKmsMethods: readonly DocumentedMethod[] = [
  { verb: 'GET', path: new RegExp(`^${VERSION}/publicKey$`), query: ['publicKeyFormat'] },
  {
    verb: 'POST',
    path: new RegExp(`^${VERSION}:asymmetricSign$`),
    body: {
      data: 'bytes',
      dataCrc32c: 'int64',
      digest: { sha256: 'bytes', sha384: 'bytes', sha512: 'bytes' },
      digestCrc32c: 'int64',
    },
  },
  {
    verb: 'POST',
    path: new RegExp(`^${VERSION}:macSign$`),
    body: { data: 'bytes', dataCrc32c: 'int64' },
  },
  {
    verb: 'POST',
    path: new RegExp(`^${KEY}(?:/cryptoKeyVersions/[^/:]+)?:encrypt$`),
    body: {
      plaintext: 'bytes',
      plaintextCrc32c: 'int64',
      additionalAuthenticatedData: 'bytes',
      additionalAuthenticatedDataCrc32c: 'int64',
    },
  },
  {
    verb: 'POST',
    path: new RegExp(`^${KEY}:decrypt$`),
    body: {
      ciphertext: 'bytes',
      ciphertextCrc32c: 'int64',
      additionalAuthenticatedData: 'bytes',
      additionalAuthenticatedDataCrc32c: 'int64',
    },
  },
]

const CONDITIONS = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
]
const OBJECT = /^\/storage\/v1\/b\/[^/]+\/o\/[^/]+$/

/** Cloud Storage's, likewise. https://storage.googleapis.com/$discovery/rest?version=v1 */
export const cloudStorageMethods: readonly DocumentedMethod[] = [
  {
    verb: 'POST',
    path: /^\/upload\/storage\/v1\/b\/[^/]+\/o$/,
    query: ['uploadType', 'name', 'contentEncoding', 'kmsKeyName', ...CONDITIONS],
    body: 'media',
  },
  { verb: 'GET', path: OBJECT, query: ['alt', 'generation', ...CONDITIONS] },
  { verb: 'DELETE', path: OBJECT, query: ['generation', ...CONDITIONS] },
]

/** Of an object, what whoever writes it may say. */
export const objectMembers: Members = {
  name: 'string',
  bucket: 'string',
  cacheControl: 'string',
  contentDisposition: 'string',
  contentEncoding: 'string',
  contentLanguage: 'string',
  contentType: 'string',
  crc32c: 'bytes',
  md5Hash: 'bytes',
  customTime: 'date-time',
  retention: { mode: 'string', retainUntilTime: 'date-time' },
}

/** Secret Manager's, likewise. https://secretmanager.googleapis.com/$discovery/rest?version=v1 */
export const secretManagerMethods: readonly DocumentedMethod[] = [
  {
    verb: 'GET',
    path: /^\/v1\/projects\/[^/]+\/secrets\/[^/]+\/versions\/[^/:]+:access$/,
    query: ['$alt'],
  },
]
