import { type Attributes, metrics } from '@opentelemetry/api'

/** What is measured, as OpenTelemetry wants it described. */
interface Described {
  readonly description: string
  /** In UCUM: `s`, `{call}`. */
  readonly unit: string
}

/**
 * Counts something for whoever collects metrics; for nobody where nobody does. Attributes have closed sets of values,
 * none of which a caller can choose freely.
 */
export function counter(
  name: string,
  described: Described,
): (more: number, attributes?: Attributes) => void {
  // Made when it is first used: before the function is set up there is nobody to make it for.
  let made: ReturnType<ReturnType<typeof meter>['createCounter']> | undefined
  return (more, attributes) => {
    made ??= meter().createCounter(name, described)
    made.add(more, attributes)
  }
}

/** Measures how long things take, in seconds, likewise; `boundaries` are those of its buckets. */
export function durations(
  name: string,
  description: string,
  boundaries: readonly number[],
): (seconds: number, attributes?: Attributes) => void {
  let made: ReturnType<ReturnType<typeof meter>['createHistogram']> | undefined
  const advice = { explicitBucketBoundaries: [...boundaries] }
  return (seconds, attributes) => {
    made ??= meter().createHistogram(name, { description, unit: 's', advice })
    made.record(seconds, attributes)
  }
}

const meter = () => metrics.getMeter('sluice')
