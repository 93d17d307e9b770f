import type { LinkFacts } from '../../services/inspector/wire/messages.ts'
import { SampleHistory } from './sample-history.ts'
import type { LinkEnd, LinkSample } from './state.ts'

/** Sums over the channels of a connection, at one look. */
interface Totals {
  readonly time: number
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly sentPackets: number
  readonly receivedPackets: number
  readonly drops: number
}

type Told = Pick<LinkEndRecord, 'from' | 'meshId' | 'facts' | 'goneAt' | 'seq'>

/** One end of a link, as a value. Tells rates from the differences between two looks. */
export class LinkEndRecord implements LinkEnd {
  readonly from: number
  readonly meshId: string
  readonly facts: LinkFacts
  readonly goneAt: number | null
  /** Of the newest message that told of it, among those of its source. */
  readonly seq: number
  readonly #history: SampleHistory
  readonly #totals: Totals | null

  private constructor({ from, meshId, facts, goneAt, seq }: Told, history: SampleHistory, totals: Totals | null) {
    this.from = from
    this.meshId = meshId
    this.facts = facts
    this.goneAt = goneAt
    this.seq = seq
    this.#history = history
    this.#totals = totals
  }

  /** Of which nothing is known yet. */
  static begin(from: number, meshId: string, peer: number): LinkEndRecord {
    const facts = { peer, state: 'new', roundTripTime: null, pair: null, channels: [], drops: {} }
    return new LinkEndRecord({ from, meshId, facts, goneAt: null, seq: -1 }, SampleHistory.EMPTY, null)
  }

  get samples(): readonly LinkSample[] {
    return this.#history.list
  }

  get newest(): LinkSample | null {
    return this.#history.newest
  }

  /** After its actor said so, which is sooner than the next look. */
  inState(state: string, seq: number): LinkEndRecord {
    return this.#with({ facts: { ...this.facts, state }, goneAt: null, seq })
  }

  gone(time: number): LinkEndRecord {
    return this.#with({ goneAt: time })
  }

  /** After a look at the connection. */
  seen(facts: LinkFacts, seq: number, time: number): LinkEndRecord {
    const totals = sum(facts, time)
    const sample = this.#totals && sampleBetween(this.#totals, totals, facts)
    return new LinkEndRecord(
      { from: this.from, meshId: this.meshId, facts, goneAt: null, seq },
      sample ? this.#history.append(sample) : this.#history,
      totals,
    )
  }

  #with(changes: Partial<Told>): LinkEndRecord {
    const { from, meshId, facts, goneAt, seq } = this
    return new LinkEndRecord({ from, meshId, facts, goneAt, seq, ...changes }, this.#history, this.#totals)
  }
}

function sum({ channels, drops }: LinkFacts, time: number): Totals {
  let [sentBytes, receivedBytes, sentPackets, receivedPackets, dropped] = [0, 0, 0, 0, 0]
  for (const channel of channels) {
    sentBytes += channel.sentBytes
    receivedBytes += channel.receivedBytes
    sentPackets += channel.sentPackets
    receivedPackets += channel.receivedPackets
  }
  for (const count of Object.values(drops)) dropped += count
  return { time, sentBytes, receivedBytes, sentPackets, receivedPackets, drops: dropped }
}

function sampleBetween(before: Totals, now: Totals, { roundTripTime, channels }: LinkFacts): LinkSample | null {
  const seconds = (now.time - before.time) / 1_000
  if (!(seconds > 0)) return null
  // A total that is smaller than before is that of a fresh connection to the same peer, which began at 0.
  const rate = (from: number, to: number): number => (to < from ? to : to - from) / seconds
  return {
    time: now.time,
    roundTripTime,
    sentBytesPerSecond: rate(before.sentBytes, now.sentBytes),
    receivedBytesPerSecond: rate(before.receivedBytes, now.receivedBytes),
    sentPacketsPerSecond: rate(before.sentPackets, now.sentPackets),
    receivedPacketsPerSecond: rate(before.receivedPackets, now.receivedPackets),
    bufferedAmount: channels.reduce((total, { bufferedAmount }) => total + bufferedAmount, 0),
    dropsPerSecond: rate(before.drops, now.drops),
  }
}
