import { filter, firstValueFrom } from 'rxjs'
import type { DataChannelOptions, WebRTCDataChannel } from '../../src/transport/data-channel.ts'
import type {
  IceCandidate,
  PeerConnectionConfiguration,
  PeerConnectionConstructor,
  WebRTCPeerConnection,
} from '../../src/transport/peer-connection.ts'
import { ChannelState, ConnectionState } from '../../src/transport/states.ts'

type GodotChannel = readonly [label: string, options: DataChannelOptions]

/** The three channels of Godot's multiplayer peer. */
export const GODOT_CHANNELS: readonly [GodotChannel, GodotChannel, GodotChannel] = [
  ['reliable', { negotiated: true, id: 1 }],
  ['ordered', { negotiated: true, id: 2, maxPacketLifeTime: 1 }],
  ['unreliable', { negotiated: true, id: 3, ordered: false, maxPacketLifeTime: 1 }],
]

/** One end of a connected pair. */
export interface Link {
  readonly connection: WebRTCPeerConnection
  /** As {@link GODOT_CHANNELS}. */
  readonly channels: readonly [reliable: WebRTCDataChannel, ordered: WebRTCDataChannel, unreliable: WebRTCDataChannel]
}

export interface SignalOptions {
  /** Changes a candidate on its way from the named end, or drops it (null), e.g. to lead it through a proxy. */
  rewrite?: (
    candidate: IceCandidate,
    from: 'offering' | 'answering',
  ) => IceCandidate | null | Promise<IceCandidate | null>
}

/** Carries descriptions and candidates between two connections in memory, both ways. */
export function signal(
  offering: WebRTCPeerConnection,
  answering: WebRTCPeerConnection,
  { rewrite = (c) => c }: SignalOptions = {},
): void {
  const ends = [
    ['offering', offering, answering],
    ['answering', answering, offering],
  ] as const
  for (const [from, own, other] of ends) {
    own.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      own.setLocalDescription(type, sdp)
      other.setRemoteDescription(type, sdp)
    })
    const deliver = (candidate: IceCandidate | null): void => {
      if (candidate !== null && other.connectionState !== ConnectionState.CLOSED)
        other.addIceCandidate(candidate.media, candidate.index, candidate.name)
    }
    own.iceCandidateCreated$.subscribe((candidate) => {
      const changed = rewrite(candidate, from)
      if (changed instanceof Promise) void changed.then(deliver)
      else deliver(changed)
    })
  }
}

/** Creates Godot's three channels. */
export function createGodotChannels(connection: WebRTCPeerConnection): Link['channels'] {
  const [reliable, ordered, unreliable] = GODOT_CHANNELS
  const create = (channel: GodotChannel): WebRTCDataChannel => connection.createDataChannel(...channel)
  return [create(reliable), create(ordered), create(unreliable)]
}

/** Makes two connections with Godot's channels, connects them and waits until every channel is open on both ends. */
export async function connectPair(
  Connection: PeerConnectionConstructor,
  { configuration = {}, ...signaling }: SignalOptions & { configuration?: PeerConnectionConfiguration } = {},
): Promise<[offering: Link, answering: Link]> {
  const make = (): Link => {
    const connection = new Connection(configuration)
    return { connection, channels: createGodotChannels(connection) }
  }
  const pair: [Link, Link] = [make(), make()]
  signal(pair[0].connection, pair[1].connection, signaling)
  pair[0].connection.createOffer()
  await Promise.all(pair.flatMap((link) => link.channels).map((channel) => channelIs(channel, ChannelState.OPEN)))
  return pair
}

/** Resolves when the channel has reached the state; rejects if it completes without. */
export async function channelIs(channel: WebRTCDataChannel, state: ChannelState): Promise<void> {
  await firstValueFrom(channel.readyState$.pipe(filter((now) => now === state)))
}

/** Resolves when the connection has closed. */
export async function isClosed(connection: WebRTCPeerConnection): Promise<void> {
  await new Promise<void>((resolve) => {
    connection.connectionState$.subscribe({ complete: resolve })
  })
}
