import { Subject } from 'rxjs'
import type { ReplicationPacket } from '../../protocol/scene-packets/packet.ts'
import type { Packet, TransferMode } from '../multiplayer-peer/packet.ts'
import type { AuthenticationFailure } from './authentications.ts'

/** A replication command of Godot (`MultiplayerSpawner`, `MultiplayerSynchronizer`), as it came: recognised, not interpreted. */
export interface ReplicationMessage {
  /** The peer that sent it, through the server or not. */
  readonly peer: number
  readonly kind: ReplicationPacket['kind']
  /** Everything after the first byte. */
  readonly data: Uint8Array
  readonly channel: number
  readonly mode: TransferMode
}

/** What a {@link MultiplayerAPI} emits, and the same for the RPC layer, which hears of peers first. */
export class ApiSignals {
  readonly subjects = {
    peerConnected: new Subject<number>(),
    peerDisconnected: new Subject<number>(),
    connectedToServer: new Subject<void>(),
    connectionFailed: new Subject<void>(),
    serverDisconnected: new Subject<void>(),
    peerAuthenticating: new Subject<number>(),
    peerAuthenticationFailed: new Subject<number>(),
    authenticationFailures: new Subject<AuthenticationFailure>(),
    peerPacket: new Subject<Packet>(),
    replication: new Subject<ReplicationMessage>(),
  }
  readonly inner = {
    peerConnected: new Subject<number>(),
    peerDisconnected: new Subject<number>(),
  }

  complete(): void {
    for (const subject of [...Object.values(this.inner), ...Object.values(this.subjects)]) subject.complete()
  }
}
