import { ConnectionStatus } from '../../src/machines/mesh-types.ts'
import { channelLayout } from '../../src/services/multiplayer-peer/channel-layout.ts'
import { WebRTCMultiplayerPeer } from '../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MultiplayerPeerOptions } from '../../src/services/multiplayer-peer/options.ts'
import type { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import { connectPair, SimulatedNetwork } from '../../src/testing/index.ts'
import type { WebRTCDataChannel } from '../../src/transport/data-channel.ts'
import type { PeerConnectionConstructor, WebRTCPeerConnection } from '../../src/transport/peer-connection.ts'
import { ChannelState } from '../../src/transport/states.ts'

/** Where a mesh under test lives: how connections are made there, and how time passes. */
export interface World {
  readonly options: MultiplayerPeerOptions
  /** The mesh under test answers; without it, it offers. */
  readonly localAnswers?: boolean
  PeerConnection(host: string): PeerConnectionConstructor
  /** Lets time pass until the condition holds; fails if it never does. */
  until(condition: () => boolean): Promise<void>
  /** Lets time pass until nothing more is to be expected. */
  settle(): Promise<void>
}

export interface SimulatedWorld extends World {
  readonly network: SimulatedNetwork
}

export function simulatedWorld(network = new SimulatedNetwork({ latency: 5 })): SimulatedWorld {
  const { clock } = network
  return {
    network,
    options: { clock },
    PeerConnection: (host) => network.host(host).PeerConnection,
    until: async (condition) => {
      await clock.runUntil(condition)
    },
    settle: async () => {
      await clock.run(3_000)
    },
  }
}

/** The other end of a peer of the mesh under test: a bare connection with Godot's channels. */
export interface Partner {
  readonly connection: WebRTCPeerConnection
  readonly channels: readonly WebRTCDataChannel[]
  /** The connection that was added to the mesh under test. */
  readonly local: WebRTCPeerConnection
  /** Exchanges the signals; resolves when every channel is open on both sides. */
  open(): Promise<void>
}

/** Adds a peer with a partner at its other end to a mesh. */
export function addPartner(
  world: World,
  mesh: WebRTCMultiplayerPeer,
  id: number,
  channelsConfig: readonly TransferMode[] = [],
): Partner {
  const local = new (world.PeerConnection('under-test'))()
  const connection = new (world.PeerConnection(`partner-${id}`))()
  mesh.addPeer(local, id)
  const channels = channelLayout(channelsConfig, 1).map(({ label, options }) =>
    connection.createDataChannel(label, options),
  )
  return {
    connection,
    channels,
    local,
    open: async () => {
      if (world.localAnswers === true) connectPair(connection, local)
      else connectPair(local, connection)
      await world.until(
        () =>
          channels.every((channel) => channel.readyState === ChannelState.OPEN) &&
          (!mesh.hasPeer(id) || mesh.getPeer(id).connection !== local || mesh.getPeer(id).connected),
      )
    },
  }
}

/** Everything that a mesh says, in order, with the status that a listener saw at that moment. */
export function record(mesh: WebRTCMultiplayerPeer): string[] {
  const heard: string[] = []
  const note = (name: string) => (value: unknown) => {
    const what = typeof value === 'number' ? `${name}(${value})` : name
    heard.push(`${what} ${ConnectionStatus[mesh.connectionStatus]}`)
  }
  mesh.peerConnected$.subscribe(note('peerConnected'))
  mesh.peerDisconnected$.subscribe(note('peerDisconnected'))
  mesh.connectionSucceeded$.subscribe(note('connectionSucceeded'))
  mesh.connectionFailed$.subscribe(note('connectionFailed'))
  mesh.serverDisconnected$.subscribe(note('serverDisconnected'))
  return heard
}
