import { Subject, type Observable } from 'rxjs'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { type ResolvedChannelOptions, resolveChannelOptions } from '../channel-options.ts'
import type { DataChannelOptions, WebRTCDataChannel } from '../data-channel.ts'
import { announceOurselves, parseRemoteImplementation } from '../own-peers.ts'
import type {
  CloseGracefullyOptions,
  ConnectionStats,
  IceCandidate,
  PeerConnectionConfiguration,
  RemoteImplementation,
  SessionDescription,
  SessionDescriptionType,
  WebRTCPeerConnection,
} from '../peer-connection.ts'
import { ConnectionState, GatheringState, type IceConnectionState, SignalingState } from '../states.ts'
import { closeGracefully } from './graceful-close.ts'
import { HeldCandidates } from './held-candidates.ts'
import type { ReadCandidate } from './ice-candidate.ts'
import type { LibraryDataChannel } from './library-data-channel.ts'
import { ObservableState } from './observable-state.ts'
import { RemoteCandidates } from './remote-candidates.ts'
import { checkDescriptionType, readRemoteDescription } from './session-description.ts'

/** Both libdatachannel and Chromium negotiate 1024 SCTP streams. */
const MAX_CHANNEL_ID = 1023

const DEFAULT_GRACE = 2000

/**
 * A connection of a WebRTC library: everything of {@link WebRTCPeerConnection} that does not depend on which one. Calls are checked here before
 * the library sees them, since the libraries abort, throw later or say nothing.
 */
export abstract class LibraryPeerConnection<Channel extends LibraryDataChannel> implements WebRTCPeerConnection {
  readonly connectionState$: Observable<ConnectionState>
  readonly iceConnectionState$: Observable<IceConnectionState>
  readonly gatheringState$: Observable<GatheringState>
  readonly signalingState$: Observable<SignalingState>
  readonly sessionDescriptionCreated$: Observable<SessionDescription>
  readonly iceCandidateCreated$: Observable<IceCandidate>
  readonly dataChannelReceived$: Observable<WebRTCDataChannel>

  protected readonly state = new ObservableState(ConnectionState.NEW)
  protected readonly ice = new ObservableState<IceConnectionState>('new')
  protected readonly gathering = new ObservableState(GatheringState.NEW)
  protected readonly channels = new Set<Channel>()
  protected readonly heldCandidates = new HeldCandidates((candidate) => {
    this.#candidates.next(candidate)
  })
  protected readonly remoteCandidates = new RemoteCandidates((candidate, media) => {
    this.addRemoteCandidate(candidate, media)
  })
  /** Set before anything is reported, so that a subscriber may call anything, close() too. */
  protected closed = false
  /** It may still be configured. */
  #isFresh = true
  #failure: MultiplayerError | null = null

  readonly #signaling = new ObservableState(SignalingState.STABLE)
  readonly #descriptions = new Subject<SessionDescription>()
  readonly #candidates = new Subject<IceCandidate>()
  readonly #receivedChannels = new Subject<WebRTCDataChannel>()
  /** The description that was emitted and not yet given to setLocalDescription. */
  #created: SessionDescription | null = null
  #remoteImplementation: RemoteImplementation | null = null
  #isOfferer = false
  #graceful: Promise<void> | null = null
  #goneDuringClose: () => void = () => undefined

  constructor() {
    this.connectionState$ = this.state.changes$
    this.iceConnectionState$ = this.ice.changes$
    this.gatheringState$ = this.gathering.changes$
    this.signalingState$ = this.#signaling.changes$
    this.sessionDescriptionCreated$ = this.#descriptions.asObservable()
    this.iceCandidateCreated$ = this.#candidates.asObservable()
    this.dataChannelReceived$ = this.#receivedChannels.asObservable()
  }

  get connectionState(): ConnectionState {
    return this.closed ? ConnectionState.CLOSED : this.state.value
  }

  get iceConnectionState(): IceConnectionState {
    return this.closed ? 'closed' : this.ice.value
  }

  get gatheringState(): GatheringState {
    return this.gathering.value
  }

  get signalingState(): SignalingState {
    return this.#signaling.value
  }

  get remoteImplementation(): RemoteImplementation | null {
    return this.#remoteImplementation
  }

  get failure(): MultiplayerError | null {
    return this.#failure
  }

  initialize(configuration: PeerConnectionConfiguration = {}): void {
    if (!this.#isFresh || this.closed) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        'initialize() comes before channels and descriptions; make a new connection instead.',
      )
    }
    this.configure(configuration)
  }

  createDataChannel(label: string, options: DataChannelOptions = {}): WebRTCDataChannel {
    const resolved = resolveChannelOptions(label, options)
    this.#assertNew('createDataChannel()')
    const { id } = resolved
    if (id !== null && id > MAX_CHANNEL_ID) {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', `The id of a channel is at most ${MAX_CHANNEL_ID}.`, {
        value: id,
      })
    }
    if (id !== null && [...this.channels].some((channel) => channel.id === id)) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        `Channel id ${id} is taken; give every negotiated channel its own.`,
        { value: id },
      )
    }
    this.#isFresh = false
    const channel = this.openChannel(label, resolved)
    this.channels.add(channel)
    return channel
  }

  createOffer(): void {
    this.#assertNew('createOffer()')
    if (this.channels.size === 0) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'There is no channel to offer; call createDataChannel() first.')
    }
    this.offer()
    this.#isOfferer = true
    this.state.setLater(ConnectionState.CONNECTING)
  }

  setLocalDescription(type: SessionDescriptionType, sdp: string): void {
    checkDescriptionType(type)
    this.#assertNotClosed('setLocalDescription()')
    if (this.#created?.type !== type || this.#created.sdp !== sdp) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        'setLocalDescription() takes, once, exactly what sessionDescriptionCreated$ gave.',
        { value: sdp },
      )
    }
    this.#created = null
    this.applyLocal()
    if (type === 'offer') {
      this.#signaling.setLater(SignalingState.HAVE_LOCAL_OFFER)
    } else {
      this.#signaling.setLater(SignalingState.STABLE)
      this.heldCandidates.release()
    }
  }

  setRemoteDescription(type: SessionDescriptionType, sdp: string): void {
    checkDescriptionType(type)
    const isOffer = type === 'offer'
    const allowed = isOffer
      ? this.state.value === ConnectionState.NEW
      : this.#signaling.value === SignalingState.HAVE_LOCAL_OFFER
    if (this.closed || !allowed) throw this.#wrongDescription(type)
    const remote = readRemoteDescription(sdp)
    this.#isFresh = false
    if (isOffer) this.answer(remote.sdp)
    else this.applyAnswer(remote.sdp)
    this.#remoteImplementation = parseRemoteImplementation(sdp)
    if (isOffer) {
      this.state.setLater(ConnectionState.CONNECTING)
      this.#signaling.setLater(SignalingState.HAVE_REMOTE_OFFER)
    } else {
      this.#signaling.setLater(SignalingState.STABLE)
      this.heldCandidates.releaseWhenChecking(this.sharesProcessWith(sdp))
    }
    this.remoteCandidates.release(remote.candidates)
  }

  addIceCandidate(media: string, _index: number, name: string): void {
    if (this.closed) return
    this.remoteCandidates.take(name, media)
  }

  poll(): void {
    // Godot has it; everything arrives by itself here.
  }

  abstract stats(): ConnectionStats

  close(): void {
    if (this.closed) return
    this.closed = true
    this.#finish()
  }

  closeGracefully({ timeout = DEFAULT_GRACE }: CloseGracefullyOptions = {}): Promise<void> {
    this.#graceful ??= this.#closeGracefully(timeout)
    return this.#graceful
  }

  [Symbol.dispose](): void {
    this.close()
  }

  // --- what each library does --------------------------------------------------------------------------------------------------------------

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` */
  protected abstract configure(configuration: PeerConnectionConfiguration): void
  protected abstract openChannel(label: string, options: ResolvedChannelOptions): Channel
  /** Makes an offer and reports it by {@link described}. */
  protected abstract offer(): void
  /** Applies an offer, makes the answer and reports it by {@link described}. @throws MultiplayerError `ERR_INVALID_DATA` */
  protected abstract answer(sdp: string): void
  /** @throws MultiplayerError `ERR_INVALID_DATA` */
  protected abstract applyAnswer(sdp: string): void
  /** Applies the description that was reported. */
  protected abstract applyLocal(): void
  /** @throws MultiplayerError `ERR_INVALID_DATA` */
  protected abstract addRemoteCandidate(candidate: ReadCandidate, media: string): void
  /** Whether the description comes from a connection whose signaling takes no time. */
  protected abstract sharesProcessWith(sdp: string): boolean
  /** Milliseconds, null while unknown. */
  protected abstract roundTripTime(): number | null
  /** Closes the library's connection; nothing of it is reported any more. */
  protected abstract closeNative(): void

  // --- what the library reports ------------------------------------------------------------------------------------------------------------

  /** The library has made a description. */
  protected described(type: SessionDescriptionType, sdp: string): void {
    this.#created = { type, sdp: announceOurselves(sdp) }
    this.#descriptions.next(this.#created)
  }

  /** The library has found a candidate of this side. */
  protected found(media: string, name: string): void {
    this.heldCandidates.add({ media, index: 0, name })
  }

  protected get wantsChannels(): boolean {
    return !this.closed && this.#receivedChannels.observed
  }

  /** The other side has made a channel. */
  protected receive(channel: Channel): void {
    this.channels.add(channel)
    this.#receivedChannels.next(channel)
  }

  /** A channel of the library has closed. */
  protected channelEnded(channel: Channel): void {
    if (this.#graceful !== null && !this.closed) {
      if (!channel.wasClosedHere) this.remoteIsGone()
      return
    }
    this.channels.delete(channel)
    channel.finish()
  }

  /** The other side hears nothing any more; who closes gracefully need not wait. */
  protected remoteIsGone(): void {
    this.#goneDuringClose()
  }

  /** The connection cannot go on: it is FAILED, then CLOSED. */
  protected fail(failure: MultiplayerError): void {
    if (this.closed) return
    this.#failure ??= failure
    this.state.set(ConnectionState.FAILED)
    this.close()
  }

  async #closeGracefully(timeout: number): Promise<void> {
    if (this.state.value === ConnectionState.CONNECTED) {
      const remoteIsGone = new Promise<void>((resolve) => {
        this.state.changes$.subscribe({ complete: resolve })
        this.#goneDuringClose = resolve
      })
      await closeGracefully(
        {
          channels: [...this.channels],
          remoteIsOurs: this.#remoteImplementation !== null,
          isOfferer: this.#isOfferer,
          remoteIsGone,
          roundTripTime: () => this.roundTripTime(),
        },
        timeout,
      )
    }
    this.close()
  }

  /** Closes everything now and reports it, channels first. */
  #finish(): void {
    this.#created = null
    this.heldCandidates.stop()
    for (const channel of this.channels) channel.closeWithConnection()
    this.closeNative()
    const channels = [...this.channels]
    this.channels.clear()
    for (const channel of channels) channel.finish()
    this.#signaling.finish(SignalingState.CLOSED)
    this.gathering.finish(this.gathering.value)
    this.ice.finish('closed')
    this.#descriptions.complete()
    this.#candidates.complete()
    this.#receivedChannels.complete()
    this.state.finish(ConnectionState.CLOSED)
  }

  #assertNew(call: string): void {
    this.#assertNotClosed(call)
    if (this.state.value !== ConnectionState.NEW) {
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `${call} comes before the first description, the connection is ${ConnectionState[this.state.value]}; make a new one.`,
      )
    }
  }

  #assertNotClosed(call: string): void {
    if (this.closed) {
      throw new MultiplayerError('ERR_UNCONFIGURED', `${call} on a closed connection; make a new one.`)
    }
  }

  #wrongDescription(type: SessionDescriptionType): MultiplayerError {
    const state = `signaling state ${SignalingState[this.#signaling.value]}, connection ${ConnectionState[this.connectionState]}`
    const mend =
      type === 'offer'
        ? 'one side offers, decided by the application, and each connection takes one offer'
        : 'an answer follows an own offer given to setLocalDescription()'
    return new MultiplayerError(
      'ERR_UNCONFIGURED',
      `The other side's ${type} cannot be taken now (${state}): ${mend}.`,
      { value: type },
    )
  }
}
