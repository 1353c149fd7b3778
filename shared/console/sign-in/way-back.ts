const HOME = '/console'
const LONGEST = 4_000

/** Pages that begin or end a session: nobody is led back to them. */
const NO_WAY_BACK = /^\/console\/(?:sign-in|sign-out|signed-out|callback)(?:\/|$)/

/**
 * Where somebody goes after they signed in: `wanted`, if it is a page of the console, else its first page. Attacker-controlled:
 * a link to the sign-in may name any place; the browser never leaves this origin for it.
 */
export function wayBack(wanted: string | undefined, origin: string): string {
  if (wanted === undefined || wanted.length > LONGEST || !URL.canParse(wanted, origin)) return HOME
  const url = new URL(wanted, origin)
  // What counts is what a browser makes of it: `/console/..//evil.example`, `/\evil.example`, tabs in between.
  const isConsole = url.pathname === HOME || url.pathname.startsWith(`${HOME}/`)
  if (url.origin !== new URL(origin).origin || !isConsole || NO_WAY_BACK.test(url.pathname))
    return HOME
  return `${url.pathname}${url.search}`
}
