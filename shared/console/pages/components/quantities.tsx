import { durationWords } from '../duration-words.ts'

/** A number of things, with its thousands apart. */
export function Count({ of }: { readonly of: number }) {
  return <span class="num">{of.toLocaleString('en-US')}</span>
}

/** Bytes, rounded for people; the exact number is in the title. */
export function Bytes({ of }: { readonly of: number }) {
  return (
    <span class="num" title={`${of.toLocaleString('en-US')} bytes`}>
      {bytesText(of)}
    </span>
  )
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes as text: `1.5 GiB`. */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? String(value) : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[power] ?? 'B'}`
}

/** How long something took; milliseconds are in the title. */
export function Duration({ ms }: { readonly ms: number }) {
  return (
    <span class="num" title={`${ms.toLocaleString('en-US')} ms`}>
      {durationWords(ms)}
    </span>
  )
}
