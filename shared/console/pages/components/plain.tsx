import { visibleLine } from '../../../approval-desk/visible-text.ts'

const MOST = 500

/** A word or two that somebody else chose, such as a name: on one line, nothing in it unseen or turned around. */
export function Plain({ words }: { readonly words: string }) {
  return <bdi>{visibleLine(words, MOST)}</bdi>
}
