import type { Packet } from '../../index.ts'
import { DEMO_CHANNELS, TARGET_KINDS } from './channels.ts'
import { type TrafficPacket, decodePacket } from './packet-format.ts'
import { SequenceWindow } from './sequence-window.ts'
import type { ReceivedTally } from './traffic-tally.ts'

interface Flow {
  readonly tally: ReceivedTally
  readonly window: SequenceWindow
}

/** Counts the traffic that arrives, each sender, channel and kind of target for itself. */
export class TrafficReceiver {
  readonly #ownId: number
  readonly #flows = new Map<string, Flow>()

  constructor(ownId: number) {
    this.#ownId = ownId
  }

  /** Counts a packet; gives back what is none of the traffic, so that its owner can take it. */
  take(packet: Packet): ReturnType<typeof decodePacket> {
    const decoded = decodePacket(packet.data)
    if (decoded !== null && decoded.kind !== 'traffic') return decoded
    const { tally, window } = this.#flow(packet, decoded)
    tally.bytes += packet.data.byteLength
    if (decoded === null || !this.#isRight(packet, decoded)) {
      tally.wrong++
      return null
    }
    switch (window.take(decoded.sequence)) {
      case 'duplicate':
        tally.duplicated++
        return null
      case 'late':
        tally.outOfOrder++
        break
      case 'next':
        break
    }
    tally.received++
    return null
  }

  tally(): readonly ReceivedTally[] {
    return Array.from(this.#flows.values(), (flow) => flow.tally)
  }

  /** What cannot be read is counted with the channel on which it came. */
  #flow(packet: Packet, decoded: TrafficPacket | null): Flow {
    const channel =
      decoded?.channel ?? DEMO_CHANNELS.findIndex((c) => c.channel === packet.channel && c.mode === packet.mode)
    const target = decoded?.target ?? 0
    const key = `${packet.peer} ${channel} ${target}`
    let flow = this.#flows.get(key)
    if (flow === undefined) {
      const tally = {
        from: packet.peer,
        channel,
        target,
        received: 0,
        duplicated: 0,
        outOfOrder: 0,
        bytes: 0,
        wrong: 0,
      }
      flow = { tally, window: new SequenceWindow() }
      this.#flows.set(key, flow)
    }
    return flow
  }

  #isRight(packet: Packet, { channel: index, target, to }: TrafficPacket): boolean {
    const channel = DEMO_CHANNELS[index]
    if (channel?.channel !== packet.channel || channel.mode !== packet.mode) return false
    switch (TARGET_KINDS[target]) {
      case 'broadcast':
        return to === 0
      case 'one':
        return to === this.#ownId
      case 'allButOne':
        return to < 0 && to !== -this.#ownId
      default:
        return false
    }
  }
}
