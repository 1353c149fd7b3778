/** What a browser gets. */
export type BrowserReply =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'page'; readonly status: 400; readonly message: string }

/** For answers that belong to no sign-in under way. */
export const over = (): BrowserReply => ({
  kind: 'page',
  status: 400,
  message: 'this sign-in is not known here or took too long; start again with gcloud auth login',
})

/** An answer to gcloud. RFC 9207 §2: `iss` lets gcloud's side tell us from another authorization server. */
export function backToClient(
  gateway: string,
  redirectUri: string,
  state: string | undefined,
  values: Readonly<Record<string, string>>,
): BrowserReply {
  return redirect(redirectUri, {
    ...values,
    ...(state === undefined ? {} : { state }),
    iss: gateway,
  })
}

/** To `to`, with these values in its query. */
export function redirect(
  to: string,
  values: Readonly<Record<string, string>>,
): Extract<BrowserReply, { kind: 'redirect' }> {
  const url = new URL(to)
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  return { kind: 'redirect', location: url.href }
}
