/**
 * The Google Cloud project that this function runs in, as far as its environment says so: that of `GOOGLE_CLOUD_PROJECT`,
 * else the one of its store or its topics. Undefined outside of Google Cloud.
 */
export function projectOf(env: NodeJS.ProcessEnv): string | undefined {
  const store = /^firestore:([^/]+)/.exec(env['SLUICE_STORE'] ?? '')?.[1]
  const named = [env['GOOGLE_CLOUD_PROJECT'], store, env['SLUICE_PUBSUB_PROJECT']]
  return named.find((project) => project !== undefined && project !== '')
}
