import { encodeCandidate } from '../../../../../src/protocol/lobby/candidate.ts'
import { LobbyMessageType } from '../../../../../src/protocol/lobby/message.ts'
import { ufragOf, withAttempt, withUfrag } from '../../../../../src/services/lobby/client/signal-text.ts'
import { channelLayout } from '../../../../../src/services/multiplayer-peer/channel-layout.ts'
import type { IceCandidate, WebRTCPeerConnection } from '../../../../../src/transport/peer-connection.ts'
import type { LobbyWorld } from './lobby-world.ts'
import type { ScriptedServer } from './scripted-server.ts'

/** Another member of the lobby, one connection of it, whose signals are sent when and as a test wants. */
export class ScriptedMember {
  readonly id: number
  readonly connection: WebRTCPeerConnection
  /** Its description, once it has made one. */
  sdp = ''
  readonly candidates: IceCandidate[] = []
  readonly #server: ScriptedServer

  constructor(world: LobbyWorld, server: ScriptedServer, id: number) {
    this.id = id
    this.#server = server
    this.connection = new (world.network.host(`member-${id}`).PeerConnection)()
    for (const { label, options } of channelLayout([], 1)) this.connection.createDataChannel(label, options)
    this.connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      this.connection.setLocalDescription(type, sdp)
      this.sdp = sdp
    })
    this.connection.iceCandidateCreated$.subscribe((candidate) => this.candidates.push(candidate))
  }

  get ufrag(): string {
    return ufragOf(this.sdp) ?? ''
  }

  /** The last signal of this type that the client has sent to this member. */
  heard(type: LobbyMessageType): string | undefined {
    return this.#server.last.received
      .filter((message) => message.type === (type as number) && message.id === this.id)
      .at(-1)?.data
  }

  say(type: LobbyMessageType, data: string): void {
    this.#server.last.say(type, this.id, data)
  }

  offer(number: number | null): void {
    this.say(LobbyMessageType.OFFER, number === null ? this.sdp : withAttempt(this.sdp, number))
  }

  answer(number: number | null): void {
    this.say(LobbyMessageType.ANSWER, number === null ? this.sdp : withAttempt(this.sdp, number))
  }

  /** Its candidates; `named` with or without the name of its description. */
  sayCandidates(named = true): void {
    for (const candidate of this.candidates) {
      const name = named ? withUfrag(candidate.name, this.ufrag) : candidate.name
      this.say(LobbyMessageType.CANDIDATE, encodeCandidate({ ...candidate, name }))
    }
  }

  /** Applies the client's last description, but none of its candidates: what connects then goes by this member's own. */
  take(type: 'offer' | 'answer'): void {
    const messageType = type === 'offer' ? LobbyMessageType.OFFER : LobbyMessageType.ANSWER
    this.connection.setRemoteDescription(type, this.heard(messageType) ?? '')
  }
}
