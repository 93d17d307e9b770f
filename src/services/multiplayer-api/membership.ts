import { TARGET_PEER_SERVER } from '../../machines/mesh-types.ts'
import type { SystemPacket } from '../../protocol/scene-packets/packet.ts'
import { encodeScenePacket } from '../../protocol/scene-packets/scene-packets.ts'
import { TransferMode } from '../multiplayer-peer/packet.ts'
import { MAX_PEER_ID } from '../multiplayer-peer/unique-id.ts'
import type { ApiSignals } from './api-signals.ts'
import { authenticationError } from './authentication-channel.ts'
import { type AuthenticationFailure, type AuthenticationHost, Authentications } from './authentications.ts'
import type { MultiplayerPeerPort } from './multiplayer-peer-port.ts'
import type { Settings } from './options.ts'
import type { SenderView } from './scene-sender.ts'
import { type ViolationKind, Violations } from './violations.ts'

/**
 * Who is here: peers that are connected and were admitted, and those that the server has told of. A server that relays tells its clients of each other.
 */
export class Membership implements SenderView, AuthenticationHost {
  peer: MultiplayerPeerPort | null = null
  serverRelay: boolean
  readonly admitted = new Set<number>()
  readonly authentications: Authentications
  readonly violations = new Violations()

  readonly #settings: Settings
  readonly #signals: ApiSignals
  /** The server while `connectedToServer$` tells of it, and `peerConnected$` has not yet. */
  #unnamed: number | undefined

  constructor(settings: Settings, signals: ApiSignals, serverRelay: boolean) {
    this.#settings = settings
    this.#signals = signals
    this.serverRelay = serverRelay
    this.authentications = new Authentications(this, settings)
  }

  /** Whether packets between clients go through the server, and it tells them of each other. */
  get relays(): boolean {
    return this.serverRelay && this.#settings.version !== '3' && this.peer?.isServerRelaySupported() === true
  }

  /** A peer has connected. */
  connected(id: number): void {
    const { authentications } = this
    if (!authentications.isOn) {
      this.#admit(id)
      return
    }
    const start = authentications.add(id)
    if (start === null) {
      const error = authenticationError(id, 'too-many')
      this.authenticationFailed({ peer: id, reason: 'too-many', heard: false, error })
      return
    }
    this.#signals.subjects.peerAuthenticating.next(id)
    start()
  }

  /** The connection of a peer is gone. */
  lost(id: number): void {
    if (!this.authentications.fail(id, 'connection-lost')) this.#remove(id, true)
  }

  /** The server tells of another client. @returns what is wrong with that. */
  announced(id: number): ViolationKind | undefined {
    const { admitted, peer } = this
    if (id <= TARGET_PEER_SERVER || id > MAX_PEER_ID || id === peer?.uniqueId) return 'invalid-peer'
    // A server that was given its peer anew tells again.
    if (admitted.has(id)) return undefined
    if (admitted.size >= this.#settings.limits.peers) return 'too-many-peers'
    this.#admit(id)
    return undefined
  }

  /** The server tells that another client is gone. @returns false if that cannot be. */
  withdrawn(id: number): boolean {
    if (id === TARGET_PEER_SERVER) return false
    this.#remove(id, true)
    return true
  }

  /** Removes a peer and disconnects it; the application, which asked for it, hears of it only if it wants to. @returns false if there is no such peer. */
  disconnect(id: number, report: boolean): boolean {
    // Before anybody is told, who may replace it.
    const { peer } = this
    if (!this.authentications.drop(id)) this.#remove(id, report)
    return peer?.disconnectPeer(id) === true
  }

  /** Forgets everyone, without a word to the application. @returns whom it had been told of. */
  clear(): number[] {
    const gone = [...this.admitted].filter((id) => id !== this.#unnamed)
    this.admitted.clear()
    this.authentications.clear()
    this.violations.clear()
    return gone
  }

  /** Counts what a peer did wrong, and disconnects it at the limit. */
  violation(id: number, kind: string): void {
    const { violations, peer } = this
    const { logger, violationLimit } = this.#settings
    const isKnown = this.admitted.has(id) || this.authentications.has(id)
    const { isFirst, blamed } = violations.count(isKnown ? id : null, kind)
    // Once for each kind: a log must not be filled from outside.
    if (isFirst) logger.warn(`peer ${id} sent what is wrong (${kind}); it was dropped, more of it is only counted`)
    if (blamed <= violationLimit || peer?.hasPeer(id) !== true) return
    logger.warn(`peer ${id} sent ${blamed} wrong packets, the limit is ${violationLimit}; disconnecting it`)
    peer.disconnectPeer(id)
  }

  sendAuth(id: number, data: Uint8Array): void {
    this.#send(id, { kind: 'auth', bytes: data })
  }

  authenticated(id: number): void {
    this.#admit(id)
  }

  authenticationFailed(failure: AuthenticationFailure): void {
    const { peer, violations } = this
    const { peer: id, error, reason, heard } = failure
    violations.forget(id)
    const hint = reason === 'timeout' && !heard ? ' Nothing was heard of it: both sides need an authentication.' : ''
    this.#settings.logger.warn(error.message + hint, error)
    // One that is lost is gone; who has its id now is another.
    const connection = reason === 'connection-lost' ? undefined : connectionOf(peer, id)
    this.#signals.subjects.authenticationFailures.next(failure)
    this.#signals.subjects.peerAuthenticationFailed.next(id)
    // A listener may have replaced the peer by another one of this id.
    if (connection !== undefined && connectionOf(peer, id) === connection) peer?.disconnectPeer(id)
  }

  #admit(id: number): void {
    const { admitted, peer } = this
    if (admitted.has(id)) return
    const unreachable = this.#introduce(id)
    admitted.add(id)
    const { inner, subjects } = this.#signals
    inner.peerConnected.next(id)
    // Godot 3 takes this from the peer instead.
    if (id === TARGET_PEER_SERVER && this.#settings.version !== '3') {
      this.#unnamed = id
      subjects.connectedToServer.next()
      this.#unnamed = undefined
    }
    // A listener may have disconnected it.
    if (admitted.has(id)) subjects.peerConnected.next(id)
    for (const other of unreachable) peer?.disconnectPeer(other)
  }

  #remove(id: number, report: boolean): void {
    const { peer } = this
    if (!this.admitted.delete(id)) return
    this.violations.forget(id)
    const unreachable = this.#tellAll({ kind: 'del-peer', peer: id })
    const { inner, subjects } = this.#signals
    inner.peerDisconnected.next(id)
    if (report && id !== this.#unnamed) subjects.peerDisconnected.next(id)
    for (const other of unreachable) peer?.disconnectPeer(other)
  }

  /** A relaying server tells everyone of the new peer, and the new peer of everyone. */
  #introduce(id: number): Set<number> {
    const unreachable = new Set<number>()
    if (!this.relays || this.peer?.isServer !== true) return unreachable
    for (const other of this.admitted) {
      if (!this.#tell(other, { kind: 'add-peer', peer: id })) unreachable.add(other)
      if (!this.#tell(id, { kind: 'add-peer', peer: other })) unreachable.add(id)
    }
    return unreachable
  }

  #tellAll(packet: SystemPacket): Set<number> {
    const unreachable = new Set<number>()
    if (!this.relays || this.peer?.isServer !== true) return unreachable
    for (const other of this.admitted) if (!this.#tell(other, packet)) unreachable.add(other)
    return unreachable
  }

  /** @returns false if it cannot be told, as too much waits to be sent to it: it cannot stay then, or it would believe in peers that are gone. */
  #tell(id: number, packet: SystemPacket): boolean {
    try {
      this.#send(id, packet)
      return true
    } catch (error) {
      this.#settings.logger.warn(`peer ${id} cannot be told who is there; disconnecting it`, error)
      return false
    }
  }

  #send(id: number, packet: SystemPacket): void {
    const bytes = encodeScenePacket(packet, this.#settings.version)
    this.peer?.send(bytes, { to: id, mode: TransferMode.RELIABLE, channel: 0 })
  }
}

function connectionOf(peer: MultiplayerPeerPort | null, id: number): unknown {
  return peer?.hasPeer(id) === true ? peer.getPeer(id).connection : undefined
}
