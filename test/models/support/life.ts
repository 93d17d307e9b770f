import { channelLayout } from '../../../src/services/multiplayer-peer/channel-layout.ts'
import type { WebRTCDataChannel } from '../../../src/transport/data-channel.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'
import type { ModelWorld } from './model-world.ts'

/** One peer's life in the mesh under test, from ADD on, with its other end. */
export class Life {
  readonly host: string
  readonly local: WebRTCPeerConnection
  readonly remote: WebRTCPeerConnection
  readonly remoteChannels: readonly WebRTCDataChannel[]

  constructor(world: ModelWorld, host: string) {
    this.host = host
    this.local = world.makeLocal()
    this.remote = world.makeRemote(host)
    this.remoteChannels = channelLayout([], 1).map(({ label, options }) =>
      this.remote.createDataChannel(label, options),
    )
  }

  /** The other end is open too. Before that, what it closes may never be known to this end. */
  get isOpenThere(): boolean {
    return this.remoteChannels.every((channel) => channel.readyState === ChannelState.OPEN)
  }

  get isUp(): boolean {
    return this.local.connectionState === ConnectionState.CONNECTED
  }
}
