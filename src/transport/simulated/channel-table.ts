import type { Clock } from '../../clock.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import { ChannelState } from '../states.ts'
import { type AssociationMessage, type ChannelAnnouncement, controlMessage } from './sctp/association-message.ts'
import { type ChannelCarrier, SimulatedDataChannel } from './simulated-data-channel.ts'

/** What the channels of a connection need of it. */
export interface ChannelTableParts {
  readonly clock: Clock
  readonly maxMessageSize: () => number
  readonly enqueue: (message: AssociationMessage) => boolean
  /** The other side made a channel in-band. */
  readonly received: (channel: SimulatedDataChannel) => void
}

/** The channels of one connection by their stream, and what arrives for them. */
export class ChannelTable {
  readonly #parts: ChannelTableParts
  readonly #carrier: ChannelCarrier
  readonly #byId = new Map<number, SimulatedDataChannel>()
  /** In-band channels get their stream once it is known which side may use which. */
  readonly #unassigned: SimulatedDataChannel[] = []
  readonly #refused = new Set<number>()

  constructor(parts: ChannelTableParts) {
    this.#parts = parts
    this.#carrier = {
      clock: parts.clock,
      get maxMessageSize() {
        return parts.maxMessageSize()
      },
      enqueue: parts.enqueue,
    }
  }

  get size(): number {
    return this.#byId.size + this.#unassigned.length
  }

  get all(): readonly SimulatedDataChannel[] {
    return [...this.#byId.values(), ...this.#unassigned]
  }

  create(label: string, options: ResolvedChannelOptions): SimulatedDataChannel {
    if (options.id !== null && this.#byId.has(options.id)) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        `Channel id ${options.id} is taken; give each negotiated channel its own.`,
        {
          value: options.id,
        },
      )
    }
    const channel = new SimulatedDataChannel(this.#carrier, label, options)
    if (options.id === null) this.#unassigned.push(channel)
    else this.#byId.set(options.id, channel)
    return channel
  }

  /** The association is up: negotiated channels are open, the others are announced. */
  established(isOfferer: boolean): void {
    for (const channel of this.#byId.values()) channel.opened()
    // RFC 8832: the DTLS client, which is the answering side, uses even streams, the server odd ones.
    let stream = isOfferer ? 1 : 0
    for (const channel of this.#unassigned.splice(0)) {
      if (channel.readyState !== ChannelState.CONNECTING) continue
      while (this.#byId.has(stream)) stream += 2
      channel.assign(stream)
      this.#byId.set(stream, channel)
      this.#parts.enqueue(controlMessage('open', stream, announcementOf(channel)))
    }
  }

  arrived(message: AssociationMessage): void {
    const channel = this.#byId.get(message.stream)
    if (message.announcement !== null) this.#announced(message.stream, message.announcement)
    else if (channel === undefined) this.#refuse(message)
    else if (message.kind === 'reset') channel.closedByRemote()
    else {
      // Anything from the other side shows that it has the channel, even if its acceptance was overtaken.
      channel.opened()
      if (message.kind === 'data') channel.receive(message)
    }
  }

  /** The connection has ended: `now` if the network says so, `later` if the application closed it. */
  shut(when: 'now' | 'later'): void {
    for (const channel of this.all) channel.shut(when)
  }

  total(counter: 'bytesSent' | 'bytesReceived'): number {
    return this.all.reduce((sum, channel) => sum + channel[counter], 0)
  }

  #announced(stream: number, announcement: ChannelAnnouncement): void {
    if (this.#byId.has(stream)) {
      this.#parts.enqueue(controlMessage('reset', stream))
      return
    }
    const { label, ...options } = announcement
    const channel = new SimulatedDataChannel(this.#carrier, label, { ...options, negotiated: false, id: stream })
    this.#byId.set(stream, channel)
    this.#parts.enqueue(controlMessage('accept', stream))
    channel.opened()
    this.#parts.received(channel)
  }

  /** A message for a channel that does not exist here closes the sender's, as real implementations do. */
  #refuse({ kind, stream }: AssociationMessage): void {
    if (kind !== 'data' || this.#refused.has(stream)) return
    this.#refused.add(stream)
    this.#parts.enqueue(controlMessage('reset', stream))
  }
}

function announcementOf(channel: SimulatedDataChannel): ChannelAnnouncement {
  const { label, protocol, ordered, maxPacketLifeTime, maxRetransmits } = channel
  return { label, protocol, ordered, maxPacketLifeTime, maxRetransmits }
}
