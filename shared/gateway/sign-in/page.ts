/** A page for people whose sign-in went wrong: text only, nothing in it runs or loads. */
export function page(message: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign-in to Sluice</title>
<h1>Sign-in to Sluice</h1>
<p>${escapeHtml(message)}</p>
`
}

/** Headers of every answer to a browser. */
export const pageHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  // The address holds codes and sealed state.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
