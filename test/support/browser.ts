/** A browser as far as a login needs one: cookies per host, no scripts, redirects one by one. */
export function browser(): {
  go(url: string, form?: Readonly<Record<string, string>>): Promise<Response>
  /** The header with the cookies that it sends there. */
  cookies(url: string): string
  /** Follows redirects until a page comes, or a place that `until` knows. */
  follow(first: Response, from: string, until: (url: string) => boolean): Promise<Stop>
} {
  const jar = new Map<string, Map<string, string>>()

  const go = async (url: string, form?: Readonly<Record<string, string>>): Promise<Response> => {
    const cookies = jar.get(new URL(url).host) ?? new Map<string, string>()
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    jar.set(new URL(url).host, cookies)
    return response
  }

  return {
    go,
    cookies: (url) =>
      [...(jar.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; '),
    follow: async (first, from, until) => {
      let response = first
      let at = from
      for (let hops = 0; hops < 20; hops++) {
        const location = response.headers.get('location')
        if (location === null) return { at, page: await response.text(), status: response.status }
        at = new URL(location, at).href
        if (until(at)) return { at, page: '', status: response.status }
        // eslint-disable-next-line no-await-in-loop
        response = await go(at)
      }
      throw new Error(`too many redirects, last to ${at}`)
    },
  }
}

export interface Stop {
  readonly at: string
  readonly page: string
  readonly status: number
}

/** The value of a hidden field, or the address a form goes to. */
export function inPage(page: string, pattern: RegExp): string {
  const found = pattern.exec(page)?.[1]
  if (found === undefined) throw new Error(`no ${pattern} in ${page}`)
  return found
}

/** Picks a person at the local issuer's login page and sends the form off. */
export async function logIn(
  at: Stop,
  by: ReturnType<typeof browser>,
  person: string,
  secret: string,
  until: (url: string) => boolean,
): Promise<Stop> {
  const action = new URL(inPage(at.page, /action="([^"]+)"/), at.at).href
  return by.follow(await by.go(action, { person, secret }), action, until)
}
