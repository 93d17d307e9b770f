import { connectPair, type SimulatedNetwork } from '../../../src/testing/index.ts'
import type { WebRTCDataChannel } from '../../../src/transport/data-channel.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { ChannelState } from '../../../src/transport/states.ts'

/** One end of one link of a mesh, on its host. */
export interface MeshEnd {
  readonly host: number
  readonly connection: WebRTCPeerConnection
  /** Reliable, ordered but lossy, lossy. */
  readonly channels: readonly WebRTCDataChannel[]
}

const CHANNELS = [{}, { maxRetransmits: 0 }, { maxRetransmits: 0, ordered: false }] as const

/** Hosts `host 0`, `host 1`, ..., each connected with each other; resolves when every channel is open. */
export async function formMesh(network: SimulatedNetwork, hosts: number): Promise<MeshEnd[]> {
  const ends: MeshEnd[] = []
  const makeEnd = (host: number): MeshEnd => {
    const connection = new (network.host(`host ${host}`).PeerConnection)()
    const channels = CHANNELS.map((options, id) =>
      connection.createDataChannel(`${id}`, { negotiated: true, id, ...options }),
    )
    const end = { host, connection, channels }
    ends.push(end)
    return end
  }
  for (let low = 0; low < hosts; low++) {
    for (let high = low + 1; high < hosts; high++) connectPair(makeEnd(low).connection, makeEnd(high).connection)
  }
  await network.clock.runUntil(() =>
    ends.every((end) => end.channels.every((channel) => channel.readyState === ChannelState.OPEN)),
  )
  return ends
}
