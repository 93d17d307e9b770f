import { BehaviorSubject, type Observable } from 'rxjs'
import { invalid } from '../../checks.ts'
import type { AuthenticationActorRef } from '../../machines/authentication-types.ts'
import { ConnectionStatus } from '../../machines/mesh-types.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ScenePacket } from '../../protocol/scene-packets/packet.ts'
import { encodeScenePacket } from '../../protocol/scene-packets/scene-packets.ts'
import type { GodotVersion } from '../../protocol/variant/godot-version.ts'
import type { CloseOptions } from '../multiplayer-peer/multiplayer-peer.ts'
import { type Packet, type SendOptions, type SendResult, TransferMode } from '../multiplayer-peer/packet.ts'
import { ApiSignals, type ReplicationMessage } from './api-signals.ts'
import type { AuthCallback } from './authentication-channel.ts'
import type { AuthenticationFailure } from './authentications.ts'
import { Membership } from './membership.ts'
import type { MultiplayerPeerPort } from './multiplayer-peer-port.ts'
import {
  checkAuthTimeout,
  DEFAULT_AUTH_TIMEOUT,
  type MultiplayerAPIOptions,
  resolveOptions,
  type Settings,
} from './options.ts'
import { assertFree, PeerSession } from './peer-session.ts'
import type { RpcPort } from './rpc-port.ts'
import { RpcEndpoint } from './rpc/rpc-endpoint.ts'
import type { RpcMethods, RpcNode, RpcNodeOptions } from './rpc/rpc-node.ts'
import { SceneReceiver } from './scene-receiver.ts'
import { sendScene } from './scene-sender.ts'
import { collectStats, type MultiplayerAPIStats } from './stats.ts'

/** Options of {@link MultiplayerAPI.disconnectPeer}. */
export interface DisconnectPeerOptions {
  /** Whether `peerDisconnected$` emits here too. Default false, as in Godot: who disconnects a peer knows. */
  report?: boolean
}

/**
 * Godot's `MultiplayerAPI` (`SceneMultiplayer`) over a {@link WebRTCMultiplayerPeer}: with the same bytes on the wire, so that Node, pages and Godot games speak with each other.
 * A server tells its clients of each other and passes on what they send each other; peers authenticate before anybody hears of them; packets and remote calls carry who really
 * sent them.
 *
 * Godot's methods are here in camelCase, its signals as Observables; errors are thrown as {@link MultiplayerError}. Once a peer belongs to an API, send and receive through the API: what the
 * peer's own `packets$` gives are the packets of this protocol.
 *
 * @example
 * ```ts
 * import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { MultiplayerAPI } from 'webrtc-multiplayer/multiplayer-api'
 *
 * const peer = new WebRTCMultiplayerPeer()
 * peer.createServer()
 * const api = new MultiplayerAPI(peer)
 * api.peerConnected$.subscribe((id) => api.sendBytes(new TextEncoder().encode('welcome'), { to: id }))
 * api.peerPacket$.subscribe(({ peer, data }) => console.log(peer, data))
 * await api.close()
 * ```
 */
export class MultiplayerAPI implements Disposable, AsyncDisposable {
  /** A peer is here: connected and authenticated, or told of by the server. Godot's `peer_connected`. */
  readonly peerConnected$: Observable<number>
  /** A peer that was here is gone. Says nothing of peers that {@link disconnectPeer} removed, nor, unless `reportLostPeers`, of those who go with the server. */
  readonly peerDisconnected$: Observable<number>
  /** Peer 1 is here; `peerConnected$` of it follows. */
  readonly connectedToServer$: Observable<void>
  /** The connection to the server ended before it was there. */
  readonly connectionFailed$: Observable<void>
  /** The status has become DISCONNECTED: the server is lost, or the peer was closed, also on a server or in a mesh. */
  readonly serverDisconnected$: Observable<void>
  /** A peer has connected and is to be authenticated. Only if there is an `authenticate` or `authCallback`. */
  readonly peerAuthenticating$: Observable<number>
  /** A peer was not admitted, and is disconnected. Comes instead of `peerDisconnected$`. */
  readonly peerAuthenticationFailed$: Observable<number>
  /** The same, with the reason; comes before it. */
  readonly authenticationFailures$: Observable<AuthenticationFailure>
  /** What peers sent with {@link sendBytes}. */
  readonly peerPacket$: Observable<Packet>
  /** Replication commands of Godot, not interpreted. */
  readonly replication$: Observable<ReplicationMessage>
  /**
   * For those who inspect: {@link multiplayerPeer} now and each that follows.
   *
   * @internal
   */
  readonly multiplayerPeers$: Observable<MultiplayerPeerPort | null>
  /**
   * For those who inspect: the authentications under way, then each that begins.
   *
   * @internal
   */
  readonly authentications$: Observable<AuthenticationActorRef>

  readonly #settings: Settings
  readonly #signals = new ApiSignals()
  readonly #members: Membership
  readonly #receiver: SceneReceiver
  readonly #rpc: RpcEndpoint
  readonly #peers = new BehaviorSubject<MultiplayerPeerPort | null>(null)
  #session: PeerSession | null = null
  /** What {@link close} has closed, and when it is done. */
  #closing: { readonly peer: MultiplayerPeerPort | null; readonly closed: Promise<void> | undefined } | undefined

  /**
   * @param peer - may be started later; peers that it has already are admitted in the microtask after this, so that their signals are not missed.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for options that cannot be meant; `ERR_ALREADY_IN_USE` for a peer that belongs to another API.
   */
  constructor(peer: MultiplayerPeerPort | null = null, options: MultiplayerAPIOptions = {}) {
    this.#settings = resolveOptions(options)
    this.#members = new Membership(this.#settings, this.#signals, options.serverRelay ?? true)
    this.#rpc = new RpcEndpoint(this.#createRpcPort(), options)
    this.#receiver = new SceneReceiver(this.#members, this.#signals, this.#settings, this.#rpc)
    const { authentications } = this.#members
    authentications.authenticate = options.authenticate
    authentications.authCallback = options.authCallback
    authentications.timeout = options.authTimeout ?? DEFAULT_AUTH_TIMEOUT

    const { subjects } = this.#signals
    this.peerConnected$ = subjects.peerConnected.asObservable()
    this.peerDisconnected$ = subjects.peerDisconnected.asObservable()
    this.connectedToServer$ = subjects.connectedToServer.asObservable()
    this.connectionFailed$ = subjects.connectionFailed.asObservable()
    this.serverDisconnected$ = subjects.serverDisconnected.asObservable()
    this.peerAuthenticating$ = subjects.peerAuthenticating.asObservable()
    this.peerAuthenticationFailed$ = subjects.peerAuthenticationFailed.asObservable()
    this.authenticationFailures$ = subjects.authenticationFailures.asObservable()
    this.peerPacket$ = subjects.peerPacket.asObservable()
    this.replication$ = subjects.replication.asObservable()
    this.multiplayerPeers$ = this.#peers.asObservable()
    this.authentications$ = authentications.actors$
    this.#attach(peer)
  }

  // --- the peer -----------------------------------------------------------------------------------------------------------------------

  /**
   * Godot's `multiplayer_peer`. Another one, or null, may be set at any time: everything known of the old one is forgotten without a signal, and the old one stays open.
   *
   * @throws MultiplayerError when set, and nothing is changed then: `ERR_INVALID_PARAMETER` for a peer that is DISCONNECTED; `ERR_ALREADY_IN_USE` for one that belongs to another API;
   * `ERR_UNAVAILABLE` after {@link close}.
   */
  get multiplayerPeer(): MultiplayerPeerPort | null {
    return this.#members.peer
  }

  set multiplayerPeer(peer: MultiplayerPeerPort | null) {
    if (peer === this.#members.peer) return
    if (this.#closing !== undefined)
      throw new MultiplayerError('ERR_UNAVAILABLE', 'This API was closed; make a new one.')
    if (peer?.connectionStatus === ConnectionStatus.DISCONNECTED) {
      throw invalid('The peer is DISCONNECTED; start it first, as with createServer().', peer.connectionStatus)
    }
    this.#attach(peer)
  }

  /** The Godot that is spoken. */
  get version(): GodotVersion {
    return this.#settings.version
  }

  /** This peer's id; 0 without a peer. */
  get uniqueId(): number {
    return this.#members.peer?.uniqueId ?? 0
  }

  /** DISCONNECTED without a peer. */
  get connectionStatus(): ConnectionStatus {
    return this.#members.peer?.connectionStatus ?? ConnectionStatus.DISCONNECTED
  }

  /** Whether this peer has id 1 and was not closed. */
  isServer(): boolean {
    return this.#members.peer?.isServer === true
  }

  /** Godot's `server_relay`. @throws MultiplayerError when set, `ERR_ALREADY_IN_USE` while there are peers: they were told of each other, or not. */
  get serverRelay(): boolean {
    return this.#members.serverRelay
  }

  set serverRelay(serverRelay: boolean) {
    if (serverRelay === this.#members.serverRelay) return
    if (this.#members.admitted.size > 0) {
      throw new MultiplayerError('ERR_ALREADY_IN_USE', 'Set serverRelay before the first peer has connected.')
    }
    this.#members.serverRelay = serverRelay
  }

  /** The peer's own. @throws MultiplayerError when set, `ERR_UNCONFIGURED` without a peer. */
  get refuseNewConnections(): boolean {
    return this.#members.peer?.refuseNewConnections ?? false
  }

  set refuseNewConnections(refuse: boolean) {
    const { peer } = this.#members
    if (peer === null) throw new MultiplayerError('ERR_UNCONFIGURED', 'There is no peer; set multiplayerPeer first.')
    peer.refuseNewConnections = refuse
  }

  // --- peers --------------------------------------------------------------------------------------------------------------------------

  /** Everyone who is here, in the order in which they came; those behind the server included, oneself not. */
  getPeers(): number[] {
    return [...this.#members.admitted]
  }

  /** Peers that are connected and not yet authenticated. */
  getAuthenticatingPeers(): number[] {
    return this.#members.authentications.peers
  }

  /**
   * Disconnects a peer, authenticated or not; what was sent to it before still arrives. On a server the other clients are told.
   *
   * @returns false if there is no such peer (Godot logs an error).
   * @throws MultiplayerError `ERR_UNCONFIGURED` unless CONNECTED; `ERR_INVALID_PARAMETER` for a peer behind the server, which only the server can disconnect.
   */
  disconnectPeer(id: number, { report = false }: DisconnectPeerOptions = {}): boolean {
    const { peer, admitted } = this.#members
    if (peer?.connectionStatus !== ConnectionStatus.CONNECTED) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'The peer is not CONNECTED; there is nobody to disconnect.')
    }
    if (!peer.hasPeer(id) && admitted.has(id)) {
      throw invalid(`Peer ${id} is connected to the server, not to this peer; only the server can disconnect it.`, id)
    }
    return peer.hasPeer(id) && this.#members.disconnect(id, report)
  }

  // --- authentication -----------------------------------------------------------------------------------------------------------------

  /** Godot's `auth_callback`: while it is set, peers that connect authenticate first. @throws MultiplayerError when set, `ERR_INVALID_PARAMETER` beside `authenticate`, or with Godot 3. */
  get authCallback(): AuthCallback | undefined {
    return this.#members.authentications.authCallback
  }

  set authCallback(callback: AuthCallback | undefined) {
    const { authentications } = this.#members
    if (callback !== undefined && authentications.authenticate !== undefined) {
      throw invalid('This API was made with authenticate; it has no use for a callback.', callback)
    }
    if (callback !== undefined && this.version === '3') throw invalid('Godot 3 has no authentication.', callback)
    authentications.authCallback = callback
  }

  /** Milliseconds for the authentications that begin from now on; 0: no limit. Default 3000. @throws MultiplayerError when set, `ERR_INVALID_PARAMETER`. */
  get authTimeout(): number {
    return this.#members.authentications.timeout
  }

  set authTimeout(milliseconds: number) {
    checkAuthTimeout(milliseconds)
    this.#members.authentications.timeout = milliseconds
  }

  /**
   * Sends something to a peer that is authenticating; its `authCallback` gets it.
   *
   * @throws MultiplayerError `ERR_UNCONFIGURED` unless CONNECTED; `ERR_INVALID_PARAMETER` for no bytes, or a peer that is not authenticating; `ERR_FILE_CANT_WRITE` once either side has
   * completed.
   */
  sendAuth(peer: number, data: Uint8Array): void {
    this.#assertConnected()
    this.#members.authentications.send(peer, data)
  }

  /** Accepts a peer that is authenticating. It is admitted when it has accepted this one too. @throws MultiplayerError as {@link sendAuth}. */
  completeAuth(peer: number): void {
    this.#assertConnected()
    this.#members.authentications.complete(peer)
  }

  // --- packets ------------------------------------------------------------------------------------------------------------------------

  /**
   * Sends bytes; the others get them from `peerPacket$`. `to` is 0 for everyone, an id, or a negative id for everyone but that peer. A client reaches other clients through the server,
   * which drops what is for a peer that has left.
   *
   * @returns how many packets were sent, dropped and skipped here; for a client one, whoever gets it from the server.
   * @throws MultiplayerError `ERR_INVALID_DATA` for no bytes; `ERR_UNCONFIGURED` unless CONNECTED, and a client's server here; `ERR_BUG` (Godot's code) for a peer that is not here; whatever
   * the peer's `send` throws. To several it is sent one by one: if some refuse it, the others have it.
   */
  sendBytes(data: Uint8Array, { to = 0, mode = TransferMode.RELIABLE, channel = 0 }: SendOptions = {}): SendResult {
    if (!(data instanceof Uint8Array)) throw invalid('Bytes are a Uint8Array.', data)
    if (data.byteLength === 0) throw new MultiplayerError('ERR_INVALID_DATA', 'There is nothing to send.')
    const bytes = encodeScenePacket({ kind: 'raw', bytes: data }, this.version)
    return sendScene(this.#members, bytes, { to, mode, channel })
  }

  /**
   * Declares a node of the game with its remote methods: GDScript's `@rpc`. Declare it on every peer, with the same path and the same names.
   *
   * @param path - the whole path, as `/root/Main/Players/1`, or one from the root path on.
   * @param methods - all that have `@rpc` in Godot, made by `rpc()`.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for what is no path below the root path, no name of a method, or no id of a peer; `ERR_ALREADY_IN_USE` for a path that is taken;
   * `ERR_UNAVAILABLE` after {@link close}.
   *
   * @example
   * ```ts
   * import { MultiplayerAPI, rpc, string } from 'webrtc-multiplayer/multiplayer-api'
   *
   * const api = new MultiplayerAPI()
   * const chat = api.node('/root/Main/Chat', {
   *   say: rpc({ permission: 'any-peer', args: [string] }, (text, { from }) => console.log(`${from}: ${text}`)),
   * })
   * api.peerConnected$.subscribe((peer) => chat.say.to(peer)('hello'))
   * ```
   */
  node<const Methods extends RpcMethods>(
    path: string,
    methods: Methods,
    options: RpcNodeOptions = {},
  ): RpcNode<Methods> {
    return this.#rpc.node(path, methods, options)
  }

  /** Godot's `get_remote_sender_id()`: who has called the remote method that is carried out at the moment, up to its first `await`; 0 outside of one. */
  get remoteSenderId(): number {
    return this.#rpc.remoteSenderId
  }

  /** Does nothing; for code ported from Godot. */
  poll(): void {
    // Everything is pushed here.
  }

  stats(): MultiplayerAPIStats {
    return collectStats(this.#members, this.#receiver.counters, this.#rpc.stats())
  }

  // --- ending -------------------------------------------------------------------------------------------------------------------------

  /**
   * Closes the peer, and this API for good: its streams complete. To keep the peer open, set {@link multiplayerPeer} to null before.
   *
   * @returns a promise that resolves when the peer's connections have closed.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    if (this.#closing !== undefined) {
      const { peer, closed } = this.#closing
      // Unless somebody has started it anew since, for another API.
      const isOurs = peer?.connectionStatus === ConnectionStatus.DISCONNECTED
      await (isOurs ? peer.close(options) : closed)
      return
    }
    const { peer } = this.#members
    // First, so that listeners hear that it is over.
    this.#closing = { peer, closed: peer?.close(options) }
    this.#finish()
    // One of them may have started it anew, as it does whenever a session has ended.
    const isAnew = peer !== null && peer.connectionStatus !== ConnectionStatus.DISCONNECTED
    if (isAnew) this.#closing = { peer, closed: peer.close(options) }
    await this.#closing.closed
  }

  /** Closes at once and for good. */
  [Symbol.dispose](): void {
    void this.close({ immediate: true })
  }

  /** Closes gracefully and for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  // --- inside -------------------------------------------------------------------------------------------------------------------------

  #attach(peer: MultiplayerPeerPort | null): void {
    if (peer !== null) assertFree(peer)
    const session = this.#session
    this.#session = null
    this.#members.peer = peer
    this.#peers.next(peer)
    session?.end()
    // What was asked of an authentication that has ended so may have set another peer.
    if (peer === null || this.#members.peer !== peer) return
    this.#session = new PeerSession(peer, this.#members, this.#receiver, this.#signals, this.#settings, () =>
      this.#rpc.clear(),
    )
  }

  #finish(): void {
    this.#attach(null)
    this.#rpc.close()
    this.#signals.complete()
    this.#peers.complete()
  }

  #assertConnected(): void {
    if (this.connectionStatus === ConnectionStatus.CONNECTED) return
    throw new MultiplayerError(
      'ERR_UNCONFIGURED',
      'The peer is not CONNECTED; wait until peerAuthenticating$ names one.',
    )
  }

  #createRpcPort(): RpcPort {
    const members = this.#members
    const { version } = this.#settings
    const { inner } = this.#signals
    const encode = (packet: ScenePacket): Uint8Array => encodeScenePacket(packet, version)
    return {
      get uniqueId() {
        return members.peer?.uniqueId ?? 0
      },
      get connectionStatus() {
        return members.peer?.connectionStatus ?? ConnectionStatus.DISCONNECTED
      },
      peers: members.admitted,
      peerConnected$: inner.peerConnected.asObservable(),
      peerDisconnected$: inner.peerDisconnected.asObservable(),
      send: (packet, options) => {
        sendScene(members, encode(packet), options)
      },
      violation: (peer, kind) => members.violation(peer, kind),
      version,
    }
  }
}
