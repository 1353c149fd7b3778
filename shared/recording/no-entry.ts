/** What a store holds is no entry of ours: not an outage, and no better when asked again. */
export class NoEntry extends Error {
  override readonly name = 'NoEntry'
}
