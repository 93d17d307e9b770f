import type { Clock } from '../../../src/clock.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { type SendOptions, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { packetLabel, type Random } from '../../../src/testing/index.ts'

/** Where a host's packets go. */
export interface TrafficPort {
  send(data: Uint8Array, options: SendOptions): unknown
  /** Ids of those who are there. */
  peers(): number[]
}

const MODES = [TransferMode.RELIABLE, TransferMode.UNRELIABLE_ORDERED, TransferMode.UNRELIABLE]
/** What an application may be told that sends at any moment. */
const REFUSALS: readonly string[] = [
  'ERR_UNCONFIGURED',
  'ERR_INVALID_PARAMETER',
  'ERR_OUT_OF_MEMORY',
  'ERR_BUG',
  'ERR_UNAVAILABLE',
]
/** Packets of one burst. */
const BURST = 4
const END_OF_LABEL = 32

/** The packets that one process sends: numbered, of all modes, on all channels, to anybody. */
export class Traffic {
  readonly #clock: Clock
  readonly #random: Random
  readonly #name: string
  readonly #channels: number
  readonly #interval: number
  readonly #failed: (message: string) => void
  #port: TrafficPort | null = null
  #count = 0
  #isOver = false

  constructor(
    name: string,
    options: { clock: Clock; random: Random; channels: number; interval: number; failed: (message: string) => void },
  ) {
    this.#name = name
    this.#clock = options.clock
    this.#random = options.random
    this.#channels = options.channels
    this.#interval = options.interval
    this.#failed = options.failed
    this.#goOn()
  }

  /** Where to send from now on; null: nowhere. */
  set port(port: TrafficPort | null) {
    this.#port = port
  }

  stop(): void {
    this.#isOver = true
  }

  /** To be called when a peer is announced: says hello, inside of the announcement. */
  announced(peer: number): void {
    if (this.#random.chance(0.5)) this.#send({ to: peer }, 16)
  }

  /** To be called when a packet has come: answers some, inside of the delivery. */
  arrived(from: number): void {
    if (this.#random.chance(0.05)) this.#send({ to: from, mode: this.#mode(), channel: this.#channel() }, 24)
  }

  /** Sends a lot at once. */
  flood(packets: number, bytes: number): void {
    for (let i = 0; i < packets; i++) this.#send({ to: 0, mode: this.#mode(), channel: this.#channel() }, bytes)
  }

  #goOn(): void {
    const pause = this.#interval * (0.5 + this.#random.next())
    this.#clock.setTimeout(() => {
      if (this.#isOver) return
      const options = { to: this.#target(), mode: this.#mode(), channel: this.#channel() }
      if (this.#random.chance(0.15)) this.#burst(options, BURST)
      else this.#send(options, this.#size())
      this.#goOn()
    }, pause)
  }

  /** Several packets the same way, each in a turn of its own, so close that they overtake each other on a bad link. */
  #burst(options: SendOptions, packets: number): void {
    this.#send(options, 24)
    if (packets > 1)
      this.#clock.setTimeout(() => {
        this.#burst(options, packets - 1)
      }, 2)
  }

  #target(): number {
    const peers = this.#port?.peers() ?? []
    const one = peers[this.#random.below(Math.max(1, peers.length))] ?? 0
    const chance = this.#random.next()
    if (chance < 0.4) return 0
    return chance < 0.8 ? one : -one
  }

  #mode(): TransferMode {
    return MODES[this.#random.below(MODES.length)] ?? TransferMode.RELIABLE
  }

  #channel(): number {
    return this.#random.below(this.#channels + 1)
  }

  #size(): number {
    return this.#random.chance(0.1) ? 1_000 + this.#random.below(5_000) : 24 + this.#random.below(100)
  }

  #send(options: SendOptions, size: number): void {
    if (this.#port === null || this.#isOver) return
    const data = new Uint8Array(size).fill(END_OF_LABEL)
    data.set(new TextEncoder().encode(`${this.#name}:${++this.#count}`))
    try {
      this.#port.send(data, options)
    } catch (error) {
      if (error instanceof MultiplayerError && REFUSALS.includes(error.code)) return
      this.#failed(`sending failed: ${String(error)}`)
    }
  }
}

/** The label of a packet of {@link Traffic}: its name and number. Others are told by their bytes. */
export function trafficLabel(data: Uint8Array): string {
  const end = data.indexOf(END_OF_LABEL)
  const text = end > 0 && end < 24 ? new TextDecoder().decode(data.subarray(0, end)) : ''
  return /^[\w.-]+:\d+$/.test(text) ? text : packetLabel(data)
}
