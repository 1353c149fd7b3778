/** What scripts add to pages that work without them. */
import { offerCopying } from './copy.ts'
import { foldWhereNarrow } from './fold.ts'
import { listenForKeys } from './keys.ts'
import { offerPlaying } from './playback.ts'
import { refreshWhatWaits } from './refresh.ts'
import { switchThemeInPlace } from './theme.ts'
import { countDown } from './time-left.ts'
import { localizeTimes } from './times.ts'

localizeTimes(document)
offerCopying(document)
switchThemeInPlace()
listenForKeys()
foldWhereNarrow()
countDown()
offerPlaying()
refreshWhatWaits(() => {
  localizeTimes(document)
  offerCopying(document)
})
