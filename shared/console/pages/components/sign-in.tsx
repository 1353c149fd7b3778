/** Where somebody can sign in, where policy trusts several issuers. */
export function ChooseIssuer({
  issuers,
  to,
}: {
  readonly issuers: readonly string[]
  readonly to: string
}) {
  return (
    <div class="panel">
      <div class="body choices">
        <p class="muted">Who vouches for you?</p>
        {issuers.map((issuer) => (
          <a
            class="button"
            href={`/console/sign-in?${new URLSearchParams({ issuer, to }).toString()}`}
          >
            {issuer}
          </a>
        ))}
      </div>
    </div>
  )
}

/** That the browser is being sent to an issuer; the link is for those that do not go by themselves. */
export function OnTheWay({
  issuer,
  location,
}: {
  readonly issuer: string
  readonly location: string
}) {
  return (
    <div class="state">
      <p class="title">{`Taking you to ${issuer}`}</p>
      <a class="button primary" href={location}>
        Continue
      </a>
    </div>
  )
}

/** That somebody is not signed in, why, and how they would be. */
export function NotSignedIn({ words, to }: { readonly words: string; readonly to: string }) {
  return (
    <div class="state">
      <p class="title">{words}</p>
      <a class="button primary" href={`/console/sign-in?${new URLSearchParams({ to }).toString()}`}>
        Sign in
      </a>
    </div>
  )
}
