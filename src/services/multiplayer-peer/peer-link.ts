import { BehaviorSubject, Observable, type Subject } from 'rxjs'
import type { Clock } from '../../clock.ts'
import type { LinkPort } from '../../machines/link-port.ts'
import type { PeerCloseReason, PeerState } from '../../machines/peer-state.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { WebRTCDataChannel } from '../../transport/data-channel.ts'
import type { WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import { ChannelState, ConnectionState } from '../../transport/states.ts'
import type { ChannelPlan } from './channel-layout.ts'
import { invalid } from '../../checks.ts'
import type { Logger, MeshLimits } from './options.ts'
import { PacketBuffer } from './packet-buffer.ts'
import { type Packet, TransferMode } from './packet.ts'
import { PacketStream } from './packet-stream.ts'
import type { PassedPacket } from './passed-packet.ts'
import type { PeerStats } from './peer-stats.ts'
import { NO_TRAFFIC, type Traffic } from './traffic.ts'
import { UnreliablePacer } from './unreliable-pacer.ts'

/** Where a link's packets go once its gate is open. */
export interface PacketSink {
  route(link: PeerLink, index: number, packet: Packet): void
  /** The gate has opened; packets may wait in the link's buffer. */
  flush(link: PeerLink): void
}

export interface PeerLinkOptions {
  id: number
  connection: WebRTCPeerConnection
  channels: readonly WebRTCDataChannel[]
  plans: readonly ChannelPlan[]
  limits: MeshLimits
  closeTimeout: number
  clock: Pick<Clock, 'now'>
  logger: Logger
  sink: PacketSink
  /** Hears of every packet, while anybody does. */
  passed$: Subject<PassedPacket>
  /** A reliable packet had no room. */
  onOverflow: (link: PeerLink) => void
}

/** What became of a packet on one link. */
export type SendOutcome =
  | 'sent'
  /** Too much waits on the unreliable channel. */
  | 'dropped'
  /** The channel is not open yet. */
  | 'not open'
  /** The channel has closed, but the peer was not reported gone yet. */
  | 'closing'

type Gate = 'shut' | 'open' | 'gone'

/** Reasons after which the connection may still bring out what was sent. */
const GRACEFUL: readonly PeerCloseReason[] = ['removed', 'disconnected', 'mesh-closed']

/**
 * The one place where a peer's two flows meet: its machine opens and shuts the gate here, its packets pass through it. While the gate is
 * shut they wait in order; once the peer is gone they are counted and thrown away. So no packet is seen before its peer was
 * announced, nor after it was reported gone.
 */
export class PeerLink implements LinkPort {
  readonly id: number
  readonly connection: WebRTCPeerConnection
  readonly channels: readonly WebRTCDataChannel[]
  readonly buffer: PacketBuffer
  readonly packets = new PacketStream()
  readonly state$ = new BehaviorSubject<PeerState>('new')
  readonly connectionState$: Observable<ConnectionState>
  readonly channelStates$: readonly Observable<ChannelState>[]
  readonly lossy: readonly boolean[]
  latePackets = 0

  readonly #options: PeerLinkOptions
  readonly #plans: readonly ChannelPlan[]
  readonly #sink: PacketSink
  readonly #counters: readonly Traffic[]
  /** What `bufferedAmount` of each channel can be at most: what it was when it was last asked for, and all since. To ask the native library before every packet would cost a third of a send. */
  readonly #waitingAtMost: number[]
  /** One for each channel, as each has its own `bufferedAmount`. */
  readonly #pacers: readonly UnreliablePacer[]
  #gate: Gate = 'shut'
  #isShut = false
  #reason: PeerCloseReason | undefined
  #released: Promise<void> | undefined

  constructor(options: PeerLinkOptions) {
    this.#options = options
    this.id = options.id
    this.connection = options.connection
    this.channels = options.channels
    this.#plans = options.plans
    this.#sink = options.sink
    this.lossy = options.plans.map((plan) => plan.mode !== TransferMode.RELIABLE)
    this.#counters = options.plans.map(() => ({ ...NO_TRAFFIC }))
    this.#waitingAtMost = options.plans.map(() => 0)
    this.#pacers = options.plans.map(() => new UnreliablePacer(options.clock, options.limits.unreliableSendBuffer))
    this.buffer = new PacketBuffer(this.lossy, options.limits.receiveBuffer)
    this.connectionState$ = this.#untilShut(options.connection.connectionState$)
    this.channelStates$ = options.channels.map((channel) => this.#untilShut(channel.readyState$))
    options.channels.forEach((channel, index) => {
      channel.bufferedAmountLowThreshold = options.limits.drainedSendBuffer
      channel.setReceiver(this.#receiver(index))
    })
  }

  /** Every channel is open: Godot's `connected`. */
  get isOpen(): boolean {
    const { connectionState } = this.connection
    return (
      (connectionState === ConnectionState.CONNECTED || connectionState === ConnectionState.DISCONNECTED) &&
      this.channels.every((channel) => channel.readyState === ChannelState.OPEN)
    )
  }

  get isGateOpen(): boolean {
    return this.#gate === 'open'
  }

  /** Puts a packet that nobody takes now into the buffer. */
  hold(index: number, packet: Packet): void {
    if (!this.buffer.push(index, packet)) this.#options.onOverflow(this)
  }

  /**
   * Sends one packet on the channel at `index`.
   *
   * @throws MultiplayerError `ERR_OUT_OF_MEMORY` if too much waits on a reliable channel, or what the channel throws.
   */
  send(index: number, data: Uint8Array): SendOutcome {
    const channel = this.channels[index] as WebRTCDataChannel
    const counters = this.#counters[index] as Traffic
    if (channel.readyState !== ChannelState.OPEN) return this.#notOpen(counters)
    if (this.lossy[index] !== true) {
      this.assertRoom(index, data.byteLength)
    } else if (!this.#admits(index, data.byteLength)) {
      counters.droppedPackets++
      return 'dropped'
    }
    try {
      if (channel.send(data)) this.#waitingAtMost[index] = 0
      else (this.#waitingAtMost[index] as number) += data.byteLength
    } catch (error) {
      // The transport knows already that the other side has closed the channel; what had arrived before is delivered first.
      if (error instanceof MultiplayerError && error.code === 'ERR_UNCONFIGURED') return this.#notOpen(counters)
      throw error
    }
    counters.sentPackets++
    counters.sentBytes += data.byteLength
    if (this.#options.passed$.observed) this.#passed('sent', index, data)
    return 'sent'
  }

  /**
   * Says before anything is sent what would be refused.
   *
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` if the packet is larger than this peer takes, `ERR_OUT_OF_MEMORY` as {@link assertRoom}.
   */
  assertSendable(index: number, size: number): void {
    const { readyState, maxMessageSize } = this.channels[index] as WebRTCDataChannel
    if (readyState !== ChannelState.OPEN) return
    if (size > maxMessageSize) {
      throw invalid(`The packet has ${size} bytes, peer ${this.id} takes ${maxMessageSize}; split it.`, size)
    }
    this.assertRoom(index, size)
  }

  /** @throws MultiplayerError `ERR_OUT_OF_MEMORY` if a reliable packet of this size has no room in the send buffer. */
  assertRoom(index: number, size: number): void {
    if (this.lossy[index] === true) return
    const limit = this.#options.limits.reliableSendBuffer
    if ((this.#waitingAtMost[index] as number) + size <= limit) return
    const bufferedAmount = this.#askWaiting(index)
    if (bufferedAmount > 0 && bufferedAmount + size > limit) {
      throw new MultiplayerError(
        'ERR_OUT_OF_MEMORY',
        `${bufferedAmount} bytes wait to be sent to peer ${this.id}, the limit is ${limit}; await drain(${this.id}) first.`,
        { value: bufferedAmount },
      )
    }
  }

  entered(state: PeerState, reason?: PeerCloseReason): void {
    if (this.#gate === 'gone') return
    if (state === 'closed') {
      // The mesh forgets this peer before anybody is told, and shuts the link then.
      this.#gate = 'gone'
      this.#reason = reason
      return
    }
    if (state !== this.state$.value) this.state$.next(state)
    if (state === 'connected') {
      this.#gate = 'open'
      this.#sink.flush(this)
    }
  }

  /** Shuts the gate for good. Nothing of this peer is heard any more, whatever its connection still does. */
  shut(reason: PeerCloseReason): void {
    if (this.#isShut) return
    this.#isShut = true
    this.#gate = 'gone'
    this.#reason ??= reason
    const { failure } = this.connection
    if (failure) this.#options.logger.warn(`the connection to peer ${this.id} failed: ${failure.message}`, failure)
    this.state$.next('closed')
    this.state$.complete()
    this.packets.complete()
  }

  release(): void {
    this.#released ??= this.#close()
  }

  /** Settles when the connection has been closed. */
  async released(): Promise<void> {
    await this.#released
  }

  stats(): PeerStats {
    return {
      ...this.connection.stats(),
      peer: this.id,
      state: this.state$.value,
      channels: this.#plans.map(({ label, channel, mode }, index) => ({
        label,
        channel,
        mode,
        ...(this.#counters[index] as Traffic),
        bufferedAmount: (this.channels[index] as WebRTCDataChannel).bufferedAmount,
      })),
      waitingPackets: this.buffer.count,
      waitingBytes: this.buffer.bytes,
      droppedWaitingPackets: this.buffer.dropped,
      latePackets: this.latePackets,
    }
  }

  /** Whether an unreliable packet of this size may be sent now. */
  #admits(index: number, size: number): boolean {
    const pacer = this.#pacers[index] as UnreliablePacer
    if (!pacer.isOn && (this.#waitingAtMost[index] as number) <= this.#options.limits.unreliableSendBuffer) return true
    return pacer.admits(size, this.#askWaiting(index))
  }

  #askWaiting(index: number): number {
    const { bufferedAmount } = this.channels[index] as WebRTCDataChannel
    this.#waitingAtMost[index] = bufferedAmount
    return bufferedAmount
  }

  /** What takes the messages of one channel; everything that stays the same for it is looked up once. */
  #receiver(index: number): (data: Uint8Array) => void {
    const counters = this.#counters[index] as Traffic
    const { channel, mode } = this.#plans[index] as ChannelPlan
    const peer = this.id
    const { passed$ } = this.#options
    return (data) => {
      counters.receivedPackets++
      counters.receivedBytes += data.byteLength
      if (passed$.observed) this.#passed('received', index, data)
      const packet = { peer, channel, mode, data }
      if (this.#gate === 'open') this.#sink.route(this, index, packet)
      else if (this.#gate === 'shut') this.hold(index, packet)
      else this.latePackets++
    }
  }

  #passed(direction: PassedPacket['direction'], index: number, data: Uint8Array): void {
    const { channel, mode } = this.#plans[index] as ChannelPlan
    this.#options.passed$.next({ direction, peer: this.id, channel, mode, data })
  }

  /** What the transport reports after the peer was removed must not be taken for news of a peer added since under the same id. */
  #untilShut<State>(state$: Observable<State>): Observable<State> {
    return new Observable((subscriber) =>
      state$.subscribe((state) => {
        if (!this.#isShut) subscriber.next(state)
      }),
    )
  }

  #notOpen(counters: Traffic): SendOutcome {
    const { value } = this.state$
    if (value === 'new' || value === 'connecting') return 'not open'
    counters.droppedPackets++
    return 'closing'
  }

  async #close(): Promise<void> {
    const { connection, closeTimeout, logger } = this.#options
    const graceful = this.#reason === undefined || GRACEFUL.includes(this.#reason)
    try {
      if (graceful && connection.connectionState === ConnectionState.CONNECTED) {
        await connection.closeGracefully({ timeout: closeTimeout })
      } else {
        connection.close()
      }
    } catch (error) {
      logger.error(`closing the connection to peer ${this.id} failed`, error)
    }
  }
}
