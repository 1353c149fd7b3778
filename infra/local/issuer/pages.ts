import type { Identity } from './identities.ts'

/** Text as HTML: none of it is markup. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A page of the local issuer. `body` is markup. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 24rem; margin: 15vh auto; padding: 0 1rem }
  label, button { display: block; margin-top: 1rem }
  select, input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem }
  button { font: inherit; padding: .4rem 1.2rem }
</style>
<h1>${escapeHtml(title)}</h1>
${body}
`
}

/** Where one picks a person and types the secret. */
export function loginPage(
  action: string,
  people: readonly Identity[],
  client: string,
  problem: string | undefined,
): string {
  const options = people.map(
    ({ id, groups }) =>
      `<option value="${escapeHtml(id)}">${escapeHtml(`${id} (${groups.join(', ')})`)}</option>`,
  )
  return page(
    'Local sign-in',
    `<p><code>${escapeHtml(client)}</code> asks who you are. This issuer serves this machine only.</p>
${problem === undefined ? '' : `<p role="alert"><strong>${escapeHtml(problem)}</strong></p>`}
<form method="post" action="${escapeHtml(action)}">
  <label>Person <select name="person" autofocus>${options.join('')}</select></label>
  <label>Secret <input name="secret" type="password" autocomplete="off" required></label>
  <button>Sign in</button>
</form>`,
  )
}
