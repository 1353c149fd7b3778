import { visibleText } from '../../../approval-desk/visible-text.ts'

const MOST = 4_000

/** Words of somebody else, kept apart from ours: in whatever direction they run, and nothing in them unseen. */
export function Said({ words }: { readonly words: string }) {
  const { text, shown, total } = visibleText(words, 'words', MOST)
  return (
    <q class="said" dir="auto">
      {text}
      {shown < total && ` … (${shown} of ${total} characters)`}
    </q>
  )
}
