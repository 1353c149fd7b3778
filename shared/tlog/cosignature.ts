const TIME_BYTES = 8
const ED25519_SIGNATURE_BYTES = 64

/**
 * The largest time that is also a safe number of milliseconds. C2SP allows more, up to 2^63 - 1:
 * those are refused, as they lie a quarter of a million years ahead.
 */
const MAX_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / 1000)

/** What a witness puts behind its key id. C2SP tlog-cosignature, `timestamped_signature`. */
export interface TimestampedSignature {
  /** POSIX time, in whole seconds. */
  readonly seconds: number
  /** Over `cosignatureMessage`, 64 bytes. */
  readonly signature: Uint8Array
}

/**
 * The bytes a witness signs: that it saw the checkpoint with this text at this time, in POSIX
 * seconds. C2SP tlog-cosignature, “Ed25519 signed message”. Throws `RangeError` for a time that has
 * no such form.
 */
export function cosignatureMessage(text: string, seconds: number): Buffer {
  if (!isTime(seconds)) throw new RangeError('a cosignature has whole seconds')
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)
}

/** Throws `RangeError` for a time or a signature that has no such form. */
export function encodeTimestamped({ seconds, signature }: TimestampedSignature): Buffer {
  if (!isTime(seconds) || signature.length !== ED25519_SIGNATURE_BYTES)
    throw new RangeError('a cosignature has whole seconds and 64 bytes')
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(BigInt(seconds))
  return Buffer.concat([time, signature])
}

/** Undefined for bytes of another form, or of a time beyond `MAX_SECONDS`. */
export function decodeTimestamped(bytes: Uint8Array): TimestampedSignature | undefined {
  if (bytes.length !== TIME_BYTES + ED25519_SIGNATURE_BYTES) return undefined
  const seconds = Number(Buffer.from(bytes).readBigUInt64BE(0))
  return isTime(seconds) ? { seconds, signature: bytes.subarray(TIME_BYTES) } : undefined
}

const isTime = (seconds: number): boolean =>
  Number.isSafeInteger(seconds) && seconds >= 0 && seconds <= MAX_SECONDS
