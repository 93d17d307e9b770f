import type { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { Partner } from '../../support/mesh-world.ts'

export type Mode = 'mesh' | 'server' | 'client'
export type Status = 'DISCONNECTED' | 'CONNECTING' | 'CONNECTED'

/** What is heard (with the status at that moment), and the status afterwards. */
export interface Outcome {
  readonly heard: readonly string[]
  readonly status: Status
}

export interface Row {
  readonly event: string
  /** Whether the peer is open before the event. */
  readonly open: boolean
  readonly act: (mesh: WebRTCMultiplayerPeer, partner: Partner, id: number) => unknown
  readonly mesh: Outcome
  readonly server: Outcome
  readonly client: Outcome
  /** Among the rows that run on real connections too. */
  readonly main?: true
}

/** Peer P is 2 in mesh and server mode, 1 in client mode. */
export const idOfPeer: Record<Mode, number> = { mesh: 2, server: 2, client: 1 }

const nothing = (status: Status): Outcome => ({ heard: [], status })
const both = (outcome: Outcome) => ({ mesh: outcome, server: outcome })
const lostPeer = both({ heard: ['peerDisconnected(2) CONNECTED'], status: 'CONNECTED' })
const lostServer: Outcome = {
  heard: ['peerDisconnected(1) CONNECTED', 'serverDisconnected CONNECTED'],
  status: 'DISCONNECTED',
}
/** The engine stays CONNECTING for ever here; this library says that it failed. */
const neverConnected: Outcome = { heard: ['connectionFailed CONNECTING'], status: 'DISCONNECTED' }

/** Godot 4: what a mesh, a server and a client hear of one peer, event by event. */
export const DECISION_TABLE_4: readonly Row[] = [
  {
    event: 'it was created',
    open: false,
    act: () => undefined,
    ...both(nothing('CONNECTED')),
    client: nothing('CONNECTING'),
    main: true,
  },
  {
    event: 'all channels open',
    open: false,
    act: (_, partner) => partner.open(),
    ...both({ heard: ['peerConnected(2) CONNECTED'], status: 'CONNECTED' }),
    client: { heard: ['peerConnected(1) CONNECTED', 'connectionSucceeded CONNECTED'], status: 'CONNECTED' },
    main: true,
  },
  {
    event: 'fails before open',
    open: false,
    act: (_, { local }) => {
      local.close()
    },
    ...both(nothing('CONNECTED')),
    client: neverConnected,
    main: true,
  },
  {
    event: 'the connection is lost after open',
    open: true,
    act: (_, { connection }) => {
      connection.close()
    },
    ...lostPeer,
    client: lostServer,
    main: true,
  },
  {
    event: 'one channel closes while the connection stays',
    open: true,
    act: (_, { channels }) => {
      channels[2]?.close()
    },
    ...lostPeer,
    client: lostServer,
    main: true,
  },
  {
    event: 'removePeer of a connected peer',
    open: true,
    act: (mesh, _, id) => mesh.removePeer(id),
    ...lostPeer,
    client: lostServer,
    main: true,
  },
  {
    event: 'removePeer of a peer that is not connected',
    open: false,
    act: (mesh, _, id) => mesh.removePeer(id),
    ...both(nothing('CONNECTED')),
    client: nothing('CONNECTING'),
  },
  {
    event: 'disconnectPeer of a connected peer',
    open: true,
    act: (mesh, _, id) => mesh.disconnectPeer(id),
    ...lostPeer,
    client: lostServer,
  },
  {
    event: 'disconnectPeer of a peer that is not connected',
    open: false,
    act: (mesh, _, id) => mesh.disconnectPeer(id),
    ...both(nothing('CONNECTED')),
    client: neverConnected,
  },
  {
    event: 'disconnectPeer by force',
    open: true,
    act: (mesh, _, id) => mesh.disconnectPeer(id, true),
    ...both(nothing('CONNECTED')),
    client: nothing('DISCONNECTED'),
  },
  {
    event: 'disconnectPeer by force before open',
    open: false,
    act: (mesh, _, id) => mesh.disconnectPeer(id, true),
    ...both(nothing('CONNECTED')),
    client: nothing('DISCONNECTED'),
  },
  {
    event: 'close()',
    open: true,
    act: (mesh) => void mesh.close(),
    ...both(nothing('DISCONNECTED')),
    client: nothing('DISCONNECTED'),
    main: true,
  },
]
