const WORDS: Readonly<Record<string, number>> = {
  '+inf': Infinity,
  '+infinity': Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
  inf: Infinity,
  infinity: Infinity,
  nan: NaN,
}

/** The number a FLOAT64's text names (`1.5`, `-2e10`, `Infinity`, `NaN`), or undefined. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.trim()
  const word = WORDS[trimmed.toLowerCase()]
  if (word !== undefined) return word
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined
}

/** A number as BigQuery's replies write it: as Java does, `1.0`, `0.001`, `1.5E10`, `-Infinity`. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (size >= 1e-3 && size < 1e7) return withFraction(String(value))
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${withFraction(digits)}E${Number(exponent)}`
}

function withFraction(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`
}
