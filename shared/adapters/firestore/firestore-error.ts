/** Firestore refused a call or did not answer it. In our words: those of Firestore quote what was sent. */
export class FirestoreError extends Error {
  override readonly name = 'FirestoreError'
  /** As `google.rpc.Code` names it: `UNAVAILABLE` and `DEADLINE_EXCEEDED` are also said where no answer came. */
  readonly status: string

  constructor(status: string) {
    super(`firestore: \`${status}\``)
    this.status = status
  }
}
