import { BehaviorSubject, Subject } from 'rxjs'
import { ConnectionStatus } from '../../../../src/machines/mesh-types.ts'
import type { MultiplayerPeerPort } from '../../../../src/services/multiplayer-api/multiplayer-peer-port.ts'
import type { PeerRemoval } from '../../../../src/services/multiplayer-peer/mesh-signals.ts'
import { type Packet, type SendOptions, TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import type { PeerInfo, RemotePeer } from '../../../../src/services/multiplayer-peer/remote-peer.ts'

/** A peer without connections: a test says who is there and what comes in, and sees what is sent. */
export class FakePeer implements MultiplayerPeerPort {
  readonly uniqueId: number
  readonly isServer: boolean
  readonly peerConnected$ = new Subject<number>()
  readonly peerRemoved$ = new Subject<PeerRemoval>()
  readonly connectionSucceeded$ = new Subject<void>()
  readonly connectionFailed$ = new Subject<void>()
  readonly serverDisconnected$ = new Subject<void>()
  readonly connectionStatus$ = new BehaviorSubject(ConnectionStatus.CONNECTED)
  readonly packets$ = new Subject<Packet>()
  refuseNewConnections = false
  /** Called with everything that is sent. */
  onSend: (data: Uint8Array, options: SendOptions) => void = () => undefined
  readonly #peers = new Map<number, PeerInfo>()
  readonly #mode: 'star' | 'mesh'

  constructor(uniqueId: number, mode: 'star' | 'mesh' = 'star') {
    this.uniqueId = uniqueId
    this.isServer = uniqueId === 1
    this.#mode = mode
  }

  get connectionStatus(): ConnectionStatus {
    return this.connectionStatus$.value
  }

  connect(id: number): void {
    // Only whether it is the same one is ever asked of a connection.
    this.#peers.set(id, { connection: {} as PeerInfo['connection'], channels: [], connected: true })
    this.peerConnected$.next(id)
  }

  receive(peer: number, data: Uint8Array): void {
    this.packets$.next({ peer, data, channel: 0, mode: TransferMode.RELIABLE })
  }

  isServerRelaySupported(): boolean {
    return this.#mode === 'star'
  }

  hasPeer(id: number): boolean {
    return this.#peers.has(id)
  }

  getPeers(): Map<number, PeerInfo> {
    return new Map()
  }

  getPeer(id: number): PeerInfo {
    const info = this.#peers.get(id)
    if (info === undefined) throw new Error(`no connection to ${id}`)
    return info
  }

  peer(id: number): RemotePeer {
    throw new Error(`no state of ${id}`)
  }

  send(data: Uint8Array, options: SendOptions = {}): { sent: number; dropped: number; skipped: number } {
    this.onSend(data, options)
    return { sent: 1, dropped: 0, skipped: 0 }
  }

  disconnectPeer(id: number): boolean {
    if (!this.#peers.delete(id)) return false
    this.peerRemoved$.next({ peer: id, reason: 'disconnected', announced: true })
    return true
  }

  close(): Promise<void> {
    this.connectionStatus$.next(ConnectionStatus.DISCONNECTED)
    return Promise.resolve()
  }
}
