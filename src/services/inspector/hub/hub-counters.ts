/** Why a message was not taken; but for the last one, of a reporter. */
export type HubDrop =
  /** A frame that is none, or has something in it that is no message: all of it, counted once. */
  | 'invalid'
  /** Of a source that has not begun, that another reporter speaks for, or about another source's actors. */
  | 'foreign'
  /** More sources than one reporter may speak for. */
  | 'too-many-sources'
  | 'too-large'
  /** Of a viewer: an event that it wants an actor to get. Nobody can do that from here. */
  | 'dispatch'

export type HubDrops = Readonly<Record<HubDrop, number>>

/** Messages that were not taken, by reason. */
export class HubCounters {
  readonly #drops: Record<HubDrop, number> = {
    invalid: 0,
    foreign: 0,
    'too-many-sources': 0,
    'too-large': 0,
    dispatch: 0,
  }

  get drops(): HubDrops {
    return { ...this.#drops }
  }

  drop(reason: HubDrop, count = 1): void {
    this.#drops[reason] += count
  }
}
