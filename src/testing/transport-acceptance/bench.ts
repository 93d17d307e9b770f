import type { DataChannelOptions, WebRTCDataChannel } from '../../transport/data-channel.ts'
import type {
  IceCandidate,
  PeerConnectionConfiguration,
  SessionDescription,
  WebRTCPeerConnection,
} from '../../transport/peer-connection.ts'
import { ChannelState } from '../../transport/states.ts'
import { connectPair, type ConnectPairOptions } from '../connect-pair.ts'
import type { TestApi, TransportUnderTest } from './transport-under-test.ts'

/** Two connections with the same negotiated channels. */
export interface Pair {
  readonly a: WebRTCPeerConnection
  readonly b: WebRTCPeerConnection
  readonly left: readonly WebRTCDataChannel[]
  readonly right: readonly WebRTCDataChannel[]
}

/** A pair with one channel. */
export interface ChannelPair {
  readonly a: WebRTCPeerConnection
  readonly b: WebRTCPeerConnection
  readonly left: WebRTCDataChannel
  readonly right: WebRTCDataChannel
}

/** What every test starts from; closes the connections that it made. */
export class Bench {
  readonly transport: TransportUnderTest
  readonly #connections: WebRTCPeerConnection[] = []

  constructor(transport: TransportUnderTest) {
    this.transport = transport
  }

  connection(configuration?: PeerConnectionConfiguration): WebRTCPeerConnection {
    return this.#track(this.transport.create(configuration))
  }

  /** A connection of the other kind, where there are two. */
  otherConnection(): WebRTCPeerConnection {
    return this.#track(this.transport.createOther?.() ?? this.transport.create())
  }

  /** Two connections that do not know of each other yet; the channels have ids 1, 2, ... */
  pair(channels: readonly DataChannelOptions[] = [{}], create?: TransportUnderTest['create']): Pair {
    const [a, b] = create ? [this.#track(create()), this.#track(create())] : [this.connection(), this.otherConnection()]
    const channelsOf = (connection: WebRTCPeerConnection): WebRTCDataChannel[] =>
      channels.map((options, index) =>
        connection.createDataChannel(`channel ${index + 1}`, { negotiated: true, id: index + 1, ...options }),
      )
    return { a, b, left: channelsOf(a), right: channelsOf(b) }
  }

  async open(pair: Pair, options?: ConnectPairOptions): Promise<void> {
    connectPair(pair.a, pair.b, options)
    await this.allOpen([...pair.left, ...pair.right])
  }

  async openPair(...channels: readonly DataChannelOptions[]): Promise<Pair> {
    const pair = this.pair(channels)
    await this.open(pair)
    return pair
  }

  async openChannel(options: DataChannelOptions = {}): Promise<ChannelPair> {
    const pair = await this.openPair(options)
    return { a: pair.a, b: pair.b, left: only(pair.left), right: only(pair.right) }
  }

  async allOpen(channels: readonly WebRTCDataChannel[]): Promise<void> {
    await this.waitFor(
      () => channels.every((channel) => channel.readyState === ChannelState.OPEN),
      'all channels are open',
    )
  }

  async waitFor(condition: () => boolean, what: string): Promise<void> {
    await this.transport.waitFor(condition, what)
  }

  /** Long enough for anything that is going to happen to have happened. */
  async settle(): Promise<void> {
    await this.transport.wait(200)
  }

  /** The description that the connection creates next. */
  async description(connection: WebRTCPeerConnection, cause: () => void): Promise<SessionDescription> {
    const created: SessionDescription[] = []
    connection.sessionDescriptionCreated$.subscribe((description) => created.push(description))
    cause()
    await this.waitFor(() => created.length > 0, 'a description is created')
    return only(created)
  }

  /** A valid offer of another connection. */
  async offer(): Promise<{ offerer: WebRTCPeerConnection; offer: SessionDescription }> {
    const offerer = this.otherConnection()
    offerer.createDataChannel('offered', { negotiated: true, id: 1 })
    const offer = await this.description(offerer, () => {
      offerer.createOffer()
    })
    return { offerer, offer }
  }

  dispose(): void {
    for (const connection of this.#connections) connection.close()
  }

  #track(connection: WebRTCPeerConnection): WebRTCPeerConnection {
    this.#connections.push(connection)
    return connection
  }
}

/** Declares one test, with a bench of its own. */
export type Scenario = (name: string, body: (bench: Bench) => Promise<void> | void) => void

export function makeScenario({ test }: TestApi, transport: TransportUnderTest): Scenario {
  return (name, body) => {
    test(name, async () => {
      const bench = new Bench(transport)
      try {
        await body(bench)
      } finally {
        bench.dispose()
      }
    })
  }
}

/** Everything that an observable gives from now on, in order. */
export function collect<T>(source: { subscribe(next: (value: T) => void): unknown }): T[] {
  const values: T[] = []
  source.subscribe((value) => {
    values.push(value)
  })
  return values
}

export function only<T>(list: readonly T[]): T {
  const [first] = list
  if (first === undefined || list.length !== 1) throw new Error(`Expected one member, found ${list.length}.`)
  return first
}

/** Any candidate that is well-formed. */
export const SOME_CANDIDATE: IceCandidate = {
  media: '0',
  index: 0,
  name: 'candidate:1 1 UDP 2122317823 192.0.2.1 54321 typ host',
}

/** A message of at least 4 bytes that carries a number. */
export function numbered(value: number, size = 4): Uint8Array {
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

export function numberOf(data: Uint8Array): number {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0)
}

/** 0, 1, ... count - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
