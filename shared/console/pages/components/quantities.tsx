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
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? String(value) : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[power] ?? 'B'}`
}

/** How long something took; milliseconds are in the title. */
export function Duration({ ms }: { readonly ms: number }) {
  return (
    <span class="num" title={`${ms.toLocaleString('en-US')} ms`}>
      {durationText(ms)}
    </span>
  )
}

/** A length of time as text: `340 ms`, `1.28 s`, `4 min 10 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
