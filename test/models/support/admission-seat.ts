import type { Clock } from '../../../src/clock.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'

/** One peer of a server's session, which notes everything that it is told. */
export class AdmissionSeat {
  readonly mesh: WebRTCMultiplayerPeer
  readonly api: MultiplayerAPI
  readonly heard: string[] = []
  readonly packets: string[] = []
  /** What the model says that it hears. */
  readonly expected: string[] = []

  constructor(id: number, options: MultiplayerAPIOptions & { clock: Clock }) {
    this.mesh = new WebRTCMultiplayerPeer({ clock: options.clock })
    this.api = new MultiplayerAPI(this.mesh, options)
    const { api, heard } = this
    const note = (what: string) => (peer: number | void) => heard.push(peer === undefined ? what : `${what} ${peer}`)
    api.peerAuthenticating$.subscribe(note('authenticating'))
    api.authenticationFailures$.subscribe(({ peer, reason }) => heard.push(`failure ${peer} ${reason}`))
    api.peerAuthenticationFailed$.subscribe(note('authenticationFailed'))
    api.connectedToServer$.subscribe(note('connectedToServer'))
    api.connectionFailed$.subscribe(note('connectionFailed'))
    api.serverDisconnected$.subscribe(note('serverDisconnected'))
    api.peerConnected$.subscribe(note('connected'))
    api.peerDisconnected$.subscribe(note('disconnected'))
    api.peerPacket$.subscribe(({ peer }) => this.packets.push(`${peer} to ${id}`))
  }
}
