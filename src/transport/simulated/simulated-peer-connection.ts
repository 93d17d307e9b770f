import { filter, firstValueFrom, type Observable, Subject } from 'rxjs'
import type { Clock } from '../../clock.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { resolveChannelOptions } from '../channel-options.ts'
import type { DataChannelOptions, WebRTCDataChannel } from '../data-channel.ts'
import type {
  CloseGracefullyOptions,
  ConnectionStats,
  IceCandidate,
  PeerConnectionConfiguration,
  RemoteImplementation,
  SelectedCandidate,
  SelectedCandidatePair,
  SessionDescription,
  SessionDescriptionType,
  WebRTCPeerConnection,
} from '../peer-connection.ts'
import {
  ChannelState,
  ConnectionState,
  type GatheringState,
  type IceConnectionState,
  type SignalingState,
} from '../states.ts'
import { ChannelTable } from './channel-table.ts'
import { checkConfiguration } from './check-configuration.ts'
import { parseCandidate } from './session-text.ts'
import { Signaling } from './signaling.ts'
import { SignalledState } from './signalled-state.ts'
import type { SimulatedHost } from './simulated-host.ts'
import type { LinkEvents, SimulatedLink } from './simulated-link.ts'

/** Bytes; what libdatachannel and Chromium announce. */
const DEFAULT_MAX_MESSAGE_SIZE = 262144
/** Milliseconds after which ICE gives up: real connections become FAILED after about 40 s. */
const ICE_TIMEOUT = 40_000
/** Milliseconds. */
const DEFAULT_CLOSE_TIMEOUT = 2000

/** A connection over a simulated network; keeps the contract as real connections do. Made with {@link SimulatedHost.PeerConnection}. */
export class SimulatedPeerConnection implements WebRTCPeerConnection {
  readonly connectionState$: Observable<ConnectionState>
  readonly iceConnectionState$: Observable<IceConnectionState>
  readonly gatheringState$: Observable<GatheringState>
  readonly signalingState$: Observable<SignalingState>
  readonly sessionDescriptionCreated$: Observable<SessionDescription>
  readonly iceCandidateCreated$: Observable<IceCandidate>
  readonly dataChannelReceived$: Observable<WebRTCDataChannel>
  /** The network's concern, as everything else here that the contract does not name. */
  readonly host: SimulatedHost
  /** What was said to the other side and by it. */
  readonly signaling: Signaling
  /** Where others reach this connection, as `address port`. */
  readonly addresses: readonly string[]

  readonly #clock: Clock
  readonly #state: SignalledState<ConnectionState>
  readonly #ice: SignalledState<IceConnectionState>
  readonly #received = new Subject<WebRTCDataChannel>()
  readonly #channels: ChannelTable
  #maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE
  #link: SimulatedLink | null = null
  #iceTimer: unknown = null
  #closing: Promise<void> | null = null

  constructor(host: SimulatedHost, configuration?: PeerConnectionConfiguration) {
    const { network } = host
    const candidates = host.allocateCandidates()
    this.host = host
    this.#clock = network.clock
    this.addresses = candidates.map(({ name }) => parseCandidate(name))
    this.#state = new SignalledState<ConnectionState>(this.#clock, ConnectionState.NEW, ConnectionState.CLOSED)
    this.#ice = new SignalledState<IceConnectionState>(this.#clock, 'new', 'closed')
    this.signaling = new Signaling({
      clock: this.#clock,
      random: network.forkForConnection(),
      candidates,
      onProgress: () => {
        network.tryJoin(this)
      },
    })
    this.#channels = new ChannelTable({
      clock: this.#clock,
      maxMessageSize: () =>
        Math.min(this.#maxMessageSize, this.signaling.remote?.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE),
      enqueue: (message) => this.#link?.association.enqueue(message) ?? false,
      received: (channel) => {
        if (this.#received.observed) this.#received.next(channel)
        else channel.close()
      },
    })
    this.connectionState$ = this.#state.state$
    this.iceConnectionState$ = this.#ice.state$
    this.gatheringState$ = this.signaling.gathering.state$
    this.signalingState$ = this.signaling.signaling.state$
    this.sessionDescriptionCreated$ = this.signaling.descriptions.asObservable()
    this.iceCandidateCreated$ = this.signaling.candidates.asObservable()
    this.dataChannelReceived$ = this.#received.asObservable()
    this.initialize(configuration)
  }

  get connectionState(): ConnectionState {
    return this.#state.state
  }

  get iceConnectionState(): IceConnectionState {
    return this.#ice.state
  }

  get gatheringState(): GatheringState {
    return this.signaling.gathering.state
  }

  get signalingState(): SignalingState {
    return this.signaling.signaling.state
  }

  get failure(): null {
    return null
  }

  get remoteImplementation(): RemoteImplementation | null {
    return this.signaling.remote?.implementation ?? null
  }

  initialize(configuration: PeerConnectionConfiguration = {}): void {
    if (this.connectionState !== ConnectionState.NEW || this.#channels.size > 0) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        'Initialize a connection before its channels and descriptions, or make a new one.',
      )
    }
    checkConfiguration(configuration)
    this.#maxMessageSize = configuration.libdatachannel?.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE
  }

  createDataChannel(label: string, options?: DataChannelOptions): WebRTCDataChannel {
    this.#requireNew('Create channels before the first description.')
    return this.#channels.create(label, resolveChannelOptions(label, options))
  }

  createOffer(): void {
    this.#requireNew('A connection makes one offer in its life; make a new connection to negotiate anew.')
    if (this.#channels.size === 0) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'Create a channel first: without one there is nothing to offer.')
    }
    this.#state.set(ConnectionState.CONNECTING)
    this.signaling.describe('offer', this.#maxMessageSize)
  }

  setLocalDescription(type: SessionDescriptionType, sdp: string): void {
    this.signaling.setLocal(type, sdp)
  }

  setRemoteDescription(type: SessionDescriptionType, sdp: string): void {
    this.signaling.setRemote(type, sdp)
    this.#ice.set('checking')
    this.#iceTimer = this.#clock.setTimeout(() => {
      this.#ended(ConnectionState.FAILED)
    }, ICE_TIMEOUT)
    if (type === 'offer') {
      this.#state.set(ConnectionState.CONNECTING)
      this.signaling.describe('answer', this.#maxMessageSize)
    }
  }

  addIceCandidate(_media: string, _index: number, name: string): void {
    // Candidates are often still on their way when a connection closes; that is nobody's mistake.
    if (this.connectionState !== ConnectionState.CLOSED) this.signaling.addCandidate(name)
  }

  poll(): void {
    // Nothing waits for a poll here.
  }

  stats(): ConnectionStats {
    const isConnected = this.connectionState === ConnectionState.CONNECTED
    return {
      roundTripTime: isConnected ? (this.#link?.association.roundTripTime ?? null) : null,
      selectedCandidatePair: isConnected ? this.#selectedCandidatePair() : null,
      bytesSent: this.#channels.total('bytesSent'),
      bytesReceived: this.#channels.total('bytesReceived'),
      refusedCandidates: this.signaling.remoteCandidates.refused,
    }
  }

  close(): void {
    if (this.connectionState === ConnectionState.CLOSED) return
    this.#link?.close()
    this.#channels.shut('later')
    this.#release()
    this.#ice.setNow('closed')
    this.#state.setNow(ConnectionState.CLOSED)
  }

  closeGracefully({ timeout = DEFAULT_CLOSE_TIMEOUT }: CloseGracefullyOptions = {}): Promise<void> {
    this.#closing ??= this.#closeGracefully(timeout)
    return this.#closing
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get isJoined(): boolean {
    return this.#link !== null
  }

  /** The network has found the other side. */
  join(link: SimulatedLink): void {
    this.#link = link
  }

  /** What the link reports; a dead host's connections report nothing any more. */
  get linkEvents(): LinkEvents {
    return {
      checked: () => {
        this.#ice.setNow('connected')
      },
      established: () => {
        this.#clock.clearTimeout(this.#iceTimer)
        this.#state.setNow(ConnectionState.CONNECTED)
        this.#channels.established(this.signaling.isOfferer)
      },
      message: (message) => {
        this.#channels.arrived(message)
      },
      ended: (state) => {
        this.#ended(state)
      },
    }
  }

  #ended(state: ConnectionState.DISCONNECTED | ConnectionState.FAILED): void {
    if (!this.host.isAlive || this.connectionState === ConnectionState.CLOSED) return
    this.#link?.close()
    this.#channels.shut('now')
    this.#ice.setNow(state === ConnectionState.FAILED ? 'failed' : 'disconnected')
    this.#state.setNow(state)
    // A subscriber may have closed the connection in answer to that.
    if (this.connectionState !== state) return
    this.#release()
    this.#ice.setNow('closed')
    this.#state.setNow(ConnectionState.CLOSED)
  }

  async #closeGracefully(timeout: number): Promise<void> {
    if (this.connectionState === ConnectionState.CONNECTED) {
      // A channel's close travels behind its data, and the other side's answer to it says that both have arrived.
      for (const channel of this.#channels.all) channel.close()
      const allClosed = Promise.all(
        this.#channels.all.map((channel) =>
          firstValueFrom(channel.readyState$.pipe(filter((state) => state === ChannelState.CLOSED))),
        ),
      )
      await this.#within(timeout, allClosed)
    }
    this.close()
  }

  async #within(timeout: number, work: Promise<unknown>): Promise<void> {
    let timer: unknown
    const expired = new Promise<void>((resolve) => {
      timer = this.#clock.setTimeout(resolve, timeout)
    })
    await Promise.race([work, expired])
    this.#clock.clearTimeout(timer)
  }

  #selectedCandidatePair(): SelectedCandidatePair | null {
    const [local] = this.addresses
    const [remote] = this.signaling.remoteCandidates.addresses
    return local === undefined || remote === undefined ? null : { local: toHost(local), remote: toHost(remote) }
  }

  #release(): void {
    this.#clock.clearTimeout(this.#iceTimer)
    this.signaling.close()
    this.host.network.forget(this, this.#link)
    this.#clock.setTimeout(() => {
      this.#received.complete()
    }, 0)
  }

  #requireNew(advice: string): void {
    if (this.connectionState !== ConnectionState.NEW) {
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `The connection is ${ConnectionState[this.connectionState]}, not NEW. ${advice}`,
      )
    }
  }
}

/** Of an address as `address port`; there is nothing but hosts in this network. */
function toHost(text: string): SelectedCandidate {
  const [address = '', port] = text.split(' ')
  return { type: 'host', protocol: 'udp', address, port: Number(port) }
}
