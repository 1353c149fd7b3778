import type { Context } from 'oidc-provider'

import { escapeHtml, page } from './pages.ts'

/** The pages of the device flow, as `oidc-provider` asks for them. */
export const devicePages = {
  userCodeInputSource: (ctx: Context, form: string, _out: unknown, error: unknown) => {
    const problem =
      error === undefined ? '' : '<p role="alert">That code is not known. Try again.</p>'
    ctx.body = page(
      'Sign in a device',
      `${problem}${form}<button form="op.deviceInputForm">Continue</button>`,
    )
  },
  userCodeConfirmSource: (
    ctx: Context,
    form: string,
    client: Context['oidc']['client'],
    _device: unknown,
    code: string,
  ) => {
    ctx.body = page(
      'Is this your device?',
      `<p><code>${escapeHtml(client.clientName ?? client.clientId)}</code> shows <code>${escapeHtml(code)}</code>.</p>
${form}<button form="op.deviceConfirmForm">Continue</button>
<button form="op.deviceConfirmForm" name="abort" value="yes">It is not</button>`,
    )
  },
  successSource: (ctx: Context) => {
    ctx.body = page('Signed in', '<p>You can close this page.</p>')
  },
}
