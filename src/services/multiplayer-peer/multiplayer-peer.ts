import { type Observable, Subject } from 'rxjs'
import { createActor } from 'xstate'
import { realClock } from '../../clock.ts'
import { meshLogic } from '../../machines/mesh-machine.ts'
import {
  ConnectionStatus,
  type MeshActorRef,
  type MeshConfiguration,
  type MeshEmitted,
  type MeshInput,
  type MeshMode,
  TARGET_PEER_SERVER,
} from '../../machines/mesh-types.ts'
import type { PeerCloseReason } from '../../machines/peer-state.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { WebRTCDataChannel } from '../../transport/data-channel.ts'
import type { WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import { checkAddPeer, checkPeerId } from './add-peer-checks.ts'
import { type ChannelPlan, channelIndex, channelLayout, checkChannelsConfig } from './channel-layout.ts'
import { drainLink } from './drain.ts'
import { safeObserver } from './inspect.ts'
import { MeshSignals, type PeerRemoval } from './mesh-signals.ts'
import { checkTimes, resolveLimits } from './check-options.ts'
import { type Logger, type MeshLimits, type MultiplayerPeerOptions, SILENT_LOGGER } from './options.ts'
import { PacketReader } from './packet-reader.ts'
import { PacketRouter, type PacketsOptions } from './packet-router.ts'
import { PacketSender } from './packet-sender.ts'
import type { PassedPacket } from './passed-packet.ts'
import { type Packet, type SendOptions, type SendResult, TransferMode } from './packet.ts'
import { PeerLink } from './peer-link.ts'
import type { MeshStats } from './peer-stats.ts'
import { type PeerInfo, type RemotePeer, peerInfo, remotePeer } from './remote-peer.ts'
import { RetiredLinks } from './retired-links.ts'
import { generateUniqueId } from './unique-id.ts'

/** Milliseconds for a graceful close. On loopback it takes 0.1 s; a full SCTP buffer of 1 MiB needs 2 s at 4 Mbit/s. */
const DEFAULT_CLOSE_TIMEOUT = 2_000

/** Options of {@link WebRTCMultiplayerPeer.close}. */
export interface CloseOptions {
  /** Close now; what was sent just before may be lost. Default false: what was sent is brought out first (bounded by `closeTimeout`). */
  immediate?: boolean
}

/**
 * Godot's `WebRTCMultiplayerPeer`: a mesh of {@link WebRTCPeerConnection}s, one for each other peer. It makes no offers and carries no
 * signals; it creates the channels of every connection added to it, tells when peers are there and gone, and carries packets.
 *
 * Godot's methods are here in camelCase, its signals as Observables (`peer_connected` is `peerConnected$`); where Godot returns an error, a {@link
 * MultiplayerError} with the same code is thrown. What differs from the engine on purpose is listed in docs/godot-compatibility.md.
 *
 * @example
 * ```ts
 * import { WebRTCMultiplayerPeer, WebRTCPeerConnection } from 'webrtc-multiplayer'
 *
 * const mesh = new WebRTCMultiplayerPeer()
 * mesh.createMesh(mesh.generateUniqueId())
 *
 * const connection = new WebRTCPeerConnection({ iceServers: [] })
 * mesh.addPeer(connection, 2)
 *
 * mesh.peerConnected$.subscribe((peer) => mesh.send(new TextEncoder().encode('hello'), { to: peer }))
 * mesh.packets$.subscribe(({ peer, data }) => console.log(peer, data))
 * await mesh.close()
 * ```
 */
export class WebRTCMultiplayerPeer implements Disposable, AsyncDisposable {
  /** The running mesh actor, to inspect it or to watch it from another machine. */
  readonly actor: MeshActorRef

  /** A peer is there: its connection is up and every channel open. Its packets come after this. Godot's `peer_connected`. */
  readonly peerConnected$: Observable<number>
  /** A peer that was announced is gone. None of its packets come after this. Godot's `peer_disconnected`. */
  readonly peerDisconnected$: Observable<number>
  /**
   * A peer left the mesh, announced or not, and why. For layers above that keep their own books; comes before `peerDisconnected$`. Like that one it
   * says nothing of a `close()`.
   */
  readonly peerRemoved$: Observable<PeerRemoval>
  /** The server is there (client mode, or server compatibility). Comes after `peerConnected$` of peer 1. */
  readonly connectionSucceeded$: Observable<void>
  /** Client mode: the connection to the server ended before it was open. */
  readonly connectionFailed$: Observable<void>
  /** The server is gone (client mode, or server compatibility). Comes after `peerDisconnected$` of peer 1. */
  readonly serverDisconnected$: Observable<void>
  /** The status now and every change. */
  readonly connectionStatus$: Observable<ConnectionStatus>
  /**
   * Packets of all announced peers, in the order in which each channel delivers them. While somebody is subscribed they do not queue for
   * {@link getPacket}; those that had queued go to the first subscriber.
   */
  readonly packets$: Observable<Packet>
  /**
   * Every packet that was sent or has arrived, whoever reads it, for those who inspect the mesh. Unlike {@link packets$} a subscriber changes nothing.
   *
   * @internal
   */
  readonly passedPackets$: Observable<PassedPacket>

  /** Godot's `transfer_mode`: how {@link putPacket} sends. Default RELIABLE. */
  transferMode: TransferMode = TransferMode.RELIABLE
  /** Godot's `transfer_channel`: 0, or an extra channel from 1 on, for {@link putPacket}. Default 0. */
  transferChannel = 0
  /** Godot's `refuse_new_connections`: while true, {@link addPeer} throws `ERR_UNAUTHORIZED`. Default false. */
  refuseNewConnections = false

  readonly #options: MultiplayerPeerOptions
  readonly #limits: MeshLimits
  readonly #logger: Logger
  readonly #ownsActor: boolean
  readonly #subscriptions: readonly { unsubscribe(): void }[]
  readonly #links = new Map<number, PeerLink>()
  readonly #retired = new RetiredLinks()
  readonly #passed = new Subject<PassedPacket>()
  readonly #signals = new MeshSignals()
  readonly #reader = new PacketReader(this.#links)
  readonly #router = new PacketRouter(this.#links, this.#reader)
  readonly #sender = new PacketSender(this.#links)
  #mode: MeshMode = 'none'
  #uniqueId = 0
  #channelsConfig: readonly TransferMode[] = []
  #targetPeer = 0
  #isDisposed = false
  /** While listeners hear what a close does to the peers. */
  #isClosing = false

  constructor(options: MultiplayerPeerOptions = {}) {
    this.#options = options
    this.#limits = resolveLimits(options.limits)
    checkTimes(options)
    this.#logger = options.logger ?? SILENT_LOGGER
    this.#ownsActor = options.actor === undefined
    this.actor = options.actor ?? startActor(options, this.#logger)
    this.#subscriptions = [
      this.actor.on('*', (emitted) => {
        this.#hear(emitted)
      }),
      this.actor.subscribe({ complete: () => this.#end(), error: (error) => this.#fail(error) }),
    ]

    const { subjects } = this.#signals
    this.peerConnected$ = subjects.peerConnected.asObservable()
    this.peerDisconnected$ = subjects.peerDisconnected.asObservable()
    this.peerRemoved$ = subjects.peerRemoved.asObservable()
    this.connectionSucceeded$ = subjects.connectionSucceeded.asObservable()
    this.connectionFailed$ = subjects.connectionFailed.asObservable()
    this.serverDisconnected$ = subjects.serverDisconnected.asObservable()
    this.connectionStatus$ = subjects.status.asObservable()
    this.packets$ = this.#router.packets$
    this.passedPackets$ = this.#passed.asObservable()
  }

  // --- starting -----------------------------------------------------------------------------------------------------------------------

  /**
   * Starts as one of a mesh of equals: everyone connects to everyone. CONNECTED at once.
   *
   * @param id - this peer's id, 1 to 2147483647.
   * @param channelsConfig - transfer modes of extra channels 1, 2, ...; the same on every peer.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER`; `ERR_ALREADY_IN_USE` while there are peers (Godot keeps them under the new id); `ERR_UNAVAILABLE`
   * after it was disposed.
   */
  createMesh(id: number, channelsConfig: readonly TransferMode[] = []): void {
    this.#start('mesh', id, channelsConfig)
  }

  /** Starts as the server, id 1, of clients that connect to it alone. CONNECTED at once. Throws as {@link createMesh}. */
  createServer(channelsConfig: readonly TransferMode[] = []): void {
    this.#start('server', TARGET_PEER_SERVER, channelsConfig)
  }

  /**
   * Starts as a client of the server, peer 1, the only one to be added. CONNECTING until it is open.
   *
   * @param id - this peer's id, 2 to 2147483647.
   * @throws MultiplayerError as {@link createMesh}.
   */
  createClient(id: number, channelsConfig: readonly TransferMode[] = []): void {
    checkPeerId(id, TARGET_PEER_SERVER + 1)
    this.#start('client', id, channelsConfig)
  }

  /**
   * Godot 3's way to start: a mesh. With `serverCompatibility` (and an id other than 1) it is CONNECTING, and no peer is announced, until peer 1 is open: then peer
   * 1 is announced, `connectionSucceeded$` emits, and the other open peers follow in ascending order.
   *
   * @throws MultiplayerError as {@link createMesh}.
   */
  initialize(id: number, serverCompatibility = false, channelsConfig: readonly TransferMode[] = []): void {
    this.#start('mesh', id, channelsConfig, serverCompatibility)
  }

  // --- peers --------------------------------------------------------------------------------------------------------------------------

  /**
   * Adds a peer and creates the channels of its connection: three, and the extra ones. Do it before `createOffer()` or
   * `setRemoteDescription()`. The mesh owns the connection from then on and closes it.
   *
   * @param peerId - 1 to 2147483647; in client mode only 1.
   * @param unreliableLifetime - milliseconds, 0 to 65535: how long packets of the default unreliable channels are (re)transmitted. Default 1.
   * @throws MultiplayerError in Godot's order: `ERR_UNCONFIGURED` before a start; `ERR_INVALID_PARAMETER` for an id that this mode does not allow, a bad
   * lifetime, no connection or one that is not NEW; `ERR_UNAUTHORIZED` if {@link refuseNewConnections}; `ERR_ALREADY_IN_USE` for an id or connection that
   * is in the mesh already; `FAILED` if a channel could not be created.
   */
  addPeer(connection: WebRTCPeerConnection, peerId: number, unreliableLifetime = 1): void {
    const { refuseNewConnections } = this
    checkAddPeer({
      mode: this.#mode,
      uniqueId: this.#uniqueId,
      refuseNewConnections,
      links: this.#links,
      connection,
      peerId,
      unreliableLifetime,
    })
    const plans = channelLayout(this.#channelsConfig, unreliableLifetime)
    const link = new PeerLink({
      id: peerId,
      connection,
      plans,
      channels: createChannels(connection, plans),
      limits: this.#limits,
      closeTimeout: this.#options.closeTimeout ?? DEFAULT_CLOSE_TIMEOUT,
      clock: this.#options.clock ?? realClock,
      logger: this.#logger,
      sink: this.#router,
      passed$: this.#passed,
      onOverflow: (from) => {
        this.#overflow(from)
      },
    })
    this.#links.set(peerId, link)
    this.actor.send({ type: 'peer.add', id: peerId, link })
  }

  /**
   * Removes a peer and closes its connection, bringing out first what was sent to it (bounded by `closeTimeout`). If it had been announced,
   * `peerDisconnected$` emits before this returns (called by a listener: after that listener has returned).
   *
   * @returns false if there is no such peer (Godot logs an error).
   */
  removePeer(id: number): boolean {
    return this.#remove(id, 'removed')
  }

  /**
   * Disconnects a peer, as if its connection had been lost. With `force` its connection is closed at once and the application hears nothing, though
   * `peerRemoved$` still tells.
   *
   * @returns false if there is no such peer (Godot logs an error).
   */
  disconnectPeer(id: number, force = false): boolean {
    return this.#remove(id, force ? 'forced' : 'disconnected')
  }

  /** Whether there is such a peer; it may not be connected yet. */
  hasPeer(id: number): boolean {
    return this.#links.has(id)
  }

  /** @throws MultiplayerError `ERR_DOES_NOT_EXIST` if there is no such peer. */
  getPeer(id: number): PeerInfo {
    return peerInfo(this.#link(id))
  }

  /** All peers, in the order in which they were added. */
  getPeers(): Map<number, PeerInfo> {
    return new Map([...this.#links].map(([id, link]) => [id, peerInfo(link)]))
  }

  /** One peer's own state, packets and counters. @throws MultiplayerError `ERR_DOES_NOT_EXIST` if there is no such peer. */
  peer(id: number): RemotePeer {
    const link = this.#link(id)
    return remotePeer(link, this.#router.packetsOf(link))
  }

  // --- who and what this is -----------------------------------------------------------------------------------------------------------

  /** This peer's id; 0 before the first start. It stays what it was after a disconnect (the engine then says 1). */
  get uniqueId(): number {
    return this.#uniqueId
  }

  get connectionStatus(): ConnectionStatus {
    return this.#signals.status
  }

  /** Whether this peer has id 1 and was not closed. */
  get isServer(): boolean {
    return this.#mode !== 'none' && this.#uniqueId === TARGET_PEER_SERVER
  }

  /** Whether a layer above may relay packets through the server: in server and client mode. */
  isServerRelaySupported(): boolean {
    return this.#mode === 'server' || this.#mode === 'client'
  }

  /** A random id from 2 to 2147483647. */
  generateUniqueId(): number {
    return generateUniqueId()
  }

  /** A random id from 2 to 2147483647. */
  static generateUniqueId(): number {
    return generateUniqueId()
  }

  // --- sending ------------------------------------------------------------------------------------------------------------------------

  /**
   * Sends one packet. What it is and where it goes are its own: no state is set before or left behind. An empty packet is not sent (as in Godot).
   *
   * @example
   * ```ts
   * import { TransferMode, WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
   *
   * const mesh = new WebRTCMultiplayerPeer()
   * mesh.createMesh(2)
   * mesh.send(Uint8Array.of(1, 2, 3)) // everyone, reliably
   * mesh.send(Uint8Array.of(4), { to: -7, mode: TransferMode.UNRELIABLE }) // everyone but peer 7
   * ```
   *
   * @returns how many peers it was given to, dropped for, and skipped because they are not open yet.
   * @throws MultiplayerError `ERR_UNCONFIGURED` while DISCONNECTED, or if the one peer it is for is not open; `ERR_INVALID_PARAMETER` for an unknown peer, mode or
   * channel, or a packet larger than the channel takes (262144 bytes or what the other side agreed to); `ERR_OUT_OF_MEMORY` if 16 MiB wait
   * to be sent reliably: await {@link drain}. Nothing was sent then, to anyone.
   */
  send(data: Uint8Array, { to = 0, mode = TransferMode.RELIABLE, channel = 0 }: SendOptions = {}): SendResult {
    return this.#send(data, to, mode, channel)
  }

  /** Godot's `set_target_peer`: where {@link putPacket} sends from now on. 0: everyone, an id: that peer, a negative id: everyone but that peer. */
  setTargetPeer(id: number): void {
    this.#targetPeer = id
  }

  /** Godot's `put_packet`: sends to the target peer, in {@link transferMode}, on {@link transferChannel}. Throws as {@link send}. */
  putPacket(data: Uint8Array): void {
    this.#send(data, this.#targetPeer, this.transferMode, this.transferChannel)
  }

  /**
   * Resolves when little waits to be sent (256 KiB per channel by default): to one peer, or to everyone.
   *
   * @throws MultiplayerError `ERR_DOES_NOT_EXIST` if there is no such peer, `ERR_CONNECTION_ERROR` if it is gone before; the signal's reason if it aborts. Without an id,
   * peers that leave meanwhile do not matter.
   */
  async drain(id?: number, options: { signal?: AbortSignal } = {}): Promise<void> {
    const drain = (link: PeerLink): Promise<void> => drainLink(link, this.#limits.drainedSendBuffer, options.signal)
    if (id !== undefined) return drain(this.#link(id))
    await Promise.allSettled([...this.#links.values()].map(drain))
    options.signal?.throwIfAborted()
  }

  // --- reading ------------------------------------------------------------------------------------------------------------------------

  /** Godot's `get_packet`: the oldest packet of the next peer in turn. @throws MultiplayerError `ERR_UNAVAILABLE` if there is none. */
  getPacket(): Uint8Array {
    return this.#reader.take().data
  }

  getAvailablePacketCount(): number {
    return this.#reader.available
  }

  /** Who sent the packet that {@link getPacket} returns next; 0 if there is none. */
  getPacketPeer(): number {
    return this.#reader.next?.peer ?? 0
  }

  /** On which channel the packet came that {@link getPacket} returns next. */
  getPacketChannel(): number {
    return this.#reader.next?.channel ?? 0
  }

  /** In which mode the packet was sent that {@link getPacket} returns next. */
  getPacketMode(): TransferMode {
    return this.#reader.next?.mode ?? TransferMode.RELIABLE
  }

  /**
   * Packets as an async iteration: `for await (const packet of mesh.packets())`. It reads what {@link getPacket} reads, and ends when the mesh is
   * closed or the signal aborts.
   */
  packets(options: PacketsOptions = {}): AsyncIterableIterator<Packet> {
    return this.#router.iterate(options)
  }

  /** Does nothing; for code ported from Godot. */
  poll(): void {
    // Everything is pushed here.
  }

  stats(): MeshStats {
    const links = [...this.#links.values()]
    return { peers: links.map((link) => link.stats()), ...this.#retired.totalsWith(links) }
  }

  // --- ending -------------------------------------------------------------------------------------------------------------------------

  /**
   * Closes every connection. The status is DISCONNECTED when this returns, and nothing is heard of any peer any more; no signal tells of them one
   * by one. The mesh can be started again.
   *
   * @returns a promise that resolves when the connections have closed: what was sent is brought out first, for at most `closeTimeout` (2 s),
   * unless `immediate`, which also ends what an earlier close is still waiting for.
   */
  async close({ immediate = false }: CloseOptions = {}): Promise<void> {
    this.#isClosing = true
    this.#signals.closing()
    this.#mode = 'none'
    this.#targetPeer = 0
    this.#channelsConfig = []
    for (const link of this.#links.values()) this.#retire(link, immediate ? 'forced' : 'mesh-closed')
    if (immediate) this.#retired.closeNow()
    this.#router.endSession()
    this.actor.send({ type: 'close' })
    this.#isClosing = false
    // Last, because a listener may start it anew.
    this.#signals.setStatus(ConnectionStatus.DISCONNECTED)
    await this.#retired.closed()
  }

  /** Closes at once and for good: completes every stream and stops the actor. */
  [Symbol.dispose](): void {
    void this.close({ immediate: true })
    this.#finish()
  }

  /** Closes gracefully and for good: completes every stream and stops the actor. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
    this.#finish()
  }

  // --- inside -------------------------------------------------------------------------------------------------------------------------

  #start(
    mode: MeshConfiguration['mode'],
    uniqueId: number,
    channelsConfig: readonly TransferMode[],
    serverCompatibility = false,
  ): void {
    if (this.#isDisposed) {
      throw new MultiplayerError('ERR_UNAVAILABLE', 'This mesh was disposed, or its actor has ended; make a new one.')
    }
    checkPeerId(uniqueId, 1)
    checkChannelsConfig(channelsConfig)
    if (this.#isClosing) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        'This mesh is being closed; start it anew once it is DISCONNECTED.',
      )
    }
    if (this.#links.size > 0) {
      throw new MultiplayerError('ERR_ALREADY_IN_USE', 'This mesh has peers; close() it before starting it anew.', {
        value: [...this.#links.keys()],
      })
    }
    this.#mode = mode
    this.#uniqueId = uniqueId
    this.#channelsConfig = [...channelsConfig]
    const waits = mode === 'client' || (serverCompatibility && uniqueId !== TARGET_PEER_SERVER)
    this.#signals.setStatus(waits ? ConnectionStatus.CONNECTING : ConnectionStatus.CONNECTED)
    const onServerLost = this.#options.onServerLost ?? 'stay'
    this.actor.send({ type: 'configure', mode, uniqueId, serverCompatibility, onServerLost })
  }

  #send(data: Uint8Array, to: number, mode: TransferMode, channel: number): SendResult {
    if (this.#signals.status === ConnectionStatus.DISCONNECTED) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'This mesh is DISCONNECTED; start it, or add its server, first.')
    }
    return this.#sender.send(data, to, channelIndex(mode, channel, this.#channelsConfig.length))
  }

  #link(id: number): PeerLink {
    const link = this.#links.get(id)
    if (link === undefined) {
      throw new MultiplayerError(
        'ERR_DOES_NOT_EXIST',
        `There is no peer ${id} in the mesh; ask hasPeer(${id}) first.`,
        {
          value: id,
        },
      )
    }
    return link
  }

  #remove(id: number, reason: PeerCloseReason): boolean {
    const link = this.#links.get(id)
    if (link === undefined) {
      this.#logger.warn(`there is no peer ${id} to remove`)
      return false
    }
    this.#retire(link, reason)
    this.actor.send({ type: 'peer.remove', id, reason })
    return true
  }

  #overflow(link: PeerLink): void {
    this.#logger.warn(`peer ${link.id}: ${link.buffer.bytes} bytes wait unread, the limit is reached; closing it`)
    this.#remove(link.id, 'receive-overflow')
  }

  /** Takes a link out of the mesh before anybody hears of it. */
  #retire(link: PeerLink, reason: PeerCloseReason): void {
    if (this.#links.get(link.id) === link) this.#links.delete(link.id)
    link.shut(reason)
    link.release()
    this.#retired.add(link)
  }

  #hear(emitted: MeshEmitted): void {
    if (emitted.type === 'peerRemoved' && emitted.link instanceof PeerLink) {
      this.#retire(emitted.link, emitted.reason)
    } else if (emitted.type === 'closed' && !this.#signals.isClosing) {
      this.#mode = 'none'
    } else if (emitted.type === 'peerError') {
      this.#logger.error(`the actor ${emitted.actorId} failed`, emitted.error)
    }
    this.#signals.hear(emitted)
  }

  /** The actor was stopped, by us or by the machine that owns it. */
  #end(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    for (const link of this.#links.values()) this.#retire(link, 'mesh-closed')
    this.#mode = 'none'
    this.#signals.setStatus(ConnectionStatus.DISCONNECTED)
    this.#signals.complete()
    this.#router.complete()
    this.#passed.complete()
  }

  #fail(error: unknown): void {
    this.#logger.error('the mesh actor failed', error)
    this.#end()
  }

  #finish(): void {
    this.#end()
    if (this.#ownsActor) this.actor.stop()
  }
}

function startActor(options: MultiplayerPeerOptions, logger: Logger): MeshActorRef {
  const { connectTimeout, disconnectedTimeout, drainTimeout, clock = realClock, inspect } = options
  return createActor(meshLogic, {
    id: 'mesh',
    // What is undefined gets its default there.
    input: { connectTimeout, disconnectedTimeout, drainTimeout } as MeshInput,
    clock,
    ...(inspect && { inspect: safeObserver(inspect, logger) }),
  }).start()
}

function createChannels(connection: WebRTCPeerConnection, plans: readonly ChannelPlan[]): WebRTCDataChannel[] {
  const channels: WebRTCDataChannel[] = []
  try {
    for (const { label, options } of plans) channels.push(connection.createDataChannel(label, options))
  } catch (error) {
    for (const channel of channels) channel.close()
    throw new MultiplayerError('FAILED', 'A channel could not be created; the peer was not added.', { cause: error })
  }
  return channels
}
