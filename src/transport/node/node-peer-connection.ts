import { Subject, type Observable } from 'rxjs'
import { isMainThread } from 'node:worker_threads'
import type { DataChannel as NativeDataChannel, RtcConfig } from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { resolveChannelOptions } from '../channel-options.ts'
import type { DataChannelOptions, WebRTCDataChannel } from '../data-channel.ts'
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
import { ConnectionState, GatheringState, SignalingState } from '../states.ts'
import { closeGracefully } from './graceful-close.ts'
import { HeldCandidates } from './held-candidates.ts'
import { keepAlive, letGo } from './keep-alive.ts'
import { DEFAULT_MAX_MESSAGE_SIZE, toNativeConfiguration } from './native-configuration.ts'
import { NativeConnection } from './native-connection.ts'
import { NodeDataChannel, type ChannelOwner } from './node-data-channel.ts'
import { ObservableState } from './observable-state.ts'
import { announceOurselves, parseRemoteImplementation } from '../own-peers.ts'
import { RemoteCandidates } from './remote-candidates.ts'
import { checkDescriptionType, fingerprintOf, readRemoteDescription } from './session-description.ts'
import { Settling } from './settling.ts'

/** libdatachannel negotiates 1024 SCTP streams. */
const MAX_CHANNEL_ID = 1023

const DEFAULT_GRACE = 2000

/** Fingerprints of the connections of this process that have described themselves. */
const localFingerprints = new Set<string>()

/**
 * A connection over the native API of node-datachannel. It exists to give that library's connections the behaviour of
 * {@link WebRTCPeerConnection}, and to make sure that nothing a user or a remote peer does reaches one of its calls or callbacks that abort the process.
 */
export class NodePeerConnection implements WebRTCPeerConnection {
  readonly connectionState$: Observable<ConnectionState>
  readonly gatheringState$: Observable<GatheringState>
  readonly signalingState$: Observable<SignalingState>
  readonly sessionDescriptionCreated$: Observable<SessionDescription>
  readonly iceCandidateCreated$: Observable<IceCandidate>
  readonly dataChannelReceived$: Observable<WebRTCDataChannel>

  readonly #state = new ObservableState(ConnectionState.NEW)
  readonly #gathering = new ObservableState(GatheringState.NEW)
  readonly #signaling = new ObservableState(SignalingState.STABLE)
  readonly #descriptions = new Subject<SessionDescription>()
  readonly #candidates = new Subject<IceCandidate>()
  readonly #receivedChannels = new Subject<WebRTCDataChannel>()

  readonly #channels = new Set<NodeDataChannel>()
  readonly #heldCandidates = new HeldCandidates((candidate) => {
    this.#candidates.next(candidate)
  })
  readonly #remoteCandidates = new RemoteCandidates((candidate, mid) => {
    this.#native?.addCandidate(candidate, mid)
    this.#heldCandidates.checking()
  })
  readonly #settling = new Settling(() => [...this.#channels].reduce((sum, channel) => sum + channel.received, 0))

  #config: RtcConfig
  #native: NativeConnection | null = null
  /** The description that was emitted and not yet given to setLocalDescription. */
  #created: SessionDescription | null = null
  #fingerprint = ''
  #remoteImplementation: RemoteImplementation | null = null
  #isOfferer = false
  #graceful: Promise<void> | null = null
  #remoteClosedChannel: () => void = () => undefined
  /** Set before anything is reported, so that a subscriber may call anything, close() too. */
  #closed = false

  constructor(configuration: PeerConnectionConfiguration = {}) {
    if (!isMainThread) {
      throw new MultiplayerError(
        'ERR_UNAVAILABLE',
        'WebRTC does not work in a worker thread: ending the worker would abort the whole process. Use the main thread or a child process.',
      )
    }
    this.#config = toNativeConfiguration(configuration)
    this.connectionState$ = this.#state.changes$
    this.gatheringState$ = this.#gathering.changes$
    this.signalingState$ = this.#signaling.changes$
    this.sessionDescriptionCreated$ = this.#descriptions.asObservable()
    this.iceCandidateCreated$ = this.#candidates.asObservable()
    this.dataChannelReceived$ = this.#receivedChannels.asObservable()
  }

  get connectionState(): ConnectionState {
    return this.#closed ? ConnectionState.CLOSED : this.#state.value
  }

  get gatheringState(): GatheringState {
    return this.#gathering.value
  }

  get signalingState(): SignalingState {
    return this.#signaling.value
  }

  get remoteImplementation(): RemoteImplementation | null {
    return this.#remoteImplementation
  }

  initialize(configuration: PeerConnectionConfiguration = {}): void {
    if (this.#native !== null || this.#closed) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        'initialize() comes before channels and descriptions; make a new connection instead.',
      )
    }
    this.#config = toNativeConfiguration(configuration)
  }

  createDataChannel(label: string, options: DataChannelOptions = {}): WebRTCDataChannel {
    const resolved = resolveChannelOptions(label, options)
    this.#assertNew('createDataChannel()')
    const { id } = resolved
    if (id !== null && id > MAX_CHANNEL_ID) {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', `The id of a channel is at most ${MAX_CHANNEL_ID} in Node.`, {
        value: id,
      })
    }
    if (id !== null && [...this.#channels].some((channel) => channel.id === id)) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        `Channel id ${id} is taken; give every negotiated channel its own.`,
        { value: id },
      )
    }
    const native = this.#open().createDataChannel(label, resolved)
    const channel = new NodeDataChannel(native, label, resolved, this.#owner)
    this.#channels.add(channel)
    return channel
  }

  createOffer(): void {
    this.#assertNew('createOffer()')
    if (this.#channels.size === 0) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'There is no channel to offer; call createDataChannel() first.')
    }
    this.#open().offer()
    this.#isOfferer = true
    this.#state.setLater(ConnectionState.CONNECTING)
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
    if (type === 'offer') {
      this.#signaling.setLater(SignalingState.HAVE_LOCAL_OFFER)
    } else {
      this.#signaling.setLater(SignalingState.STABLE)
      this.#heldCandidates.release()
    }
  }

  setRemoteDescription(type: SessionDescriptionType, sdp: string): void {
    checkDescriptionType(type)
    const isOffer = type === 'offer'
    const allowed = isOffer
      ? this.#state.value === ConnectionState.NEW
      : this.#signaling.value === SignalingState.HAVE_LOCAL_OFFER
    if (this.#closed || !allowed) throw this.#wrongDescription(type)
    const remote = readRemoteDescription(sdp)
    if (isOffer) this.#open().answer(remote.sdp)
    else this.#open().applyRemote(type, remote.sdp)
    this.#remoteImplementation = parseRemoteImplementation(sdp)
    if (isOffer) {
      this.#state.setLater(ConnectionState.CONNECTING)
      this.#signaling.setLater(SignalingState.HAVE_REMOTE_OFFER)
    } else {
      this.#signaling.setLater(SignalingState.STABLE)
      this.#heldCandidates.releaseWhenChecking(localFingerprints.has(fingerprintOf(sdp)))
    }
    this.#remoteCandidates.release(remote.candidates)
  }

  addIceCandidate(media: string, _index: number, name: string): void {
    if (this.#closed) return
    this.#remoteCandidates.take(name, media)
  }

  poll(): void {
    // Godot has it; everything arrives by itself here.
  }

  stats(): ConnectionStats {
    const { bytesSent = 0, bytesReceived = 0 } = this.#native?.bytes() ?? {}
    const roundTripTime = this.#roundTripTime()
    return { roundTripTime, bytesSent, bytesReceived, refusedCandidates: this.#remoteCandidates.refused }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#finish()
  }

  closeGracefully({ timeout = DEFAULT_GRACE }: CloseGracefullyOptions = {}): Promise<void> {
    this.#graceful ??= this.#closeGracefully(timeout)
    return this.#graceful
  }

  [Symbol.dispose](): void {
    this.close()
  }

  async #closeGracefully(timeout: number): Promise<void> {
    if (this.#state.value === ConnectionState.CONNECTED) {
      const remoteIsGone = new Promise<void>((resolve) => {
        this.#state.changes$.subscribe({ complete: resolve })
        this.#remoteClosedChannel = resolve
      })
      await closeGracefully(
        {
          channels: [...this.#channels],
          remoteIsOurs: this.#remoteImplementation !== null,
          isOfferer: this.#isOfferer,
          remoteIsGone,
          roundTripTime: () => this.#roundTripTime(),
        },
        timeout,
      )
    }
    this.close()
  }

  /** The native connection is made when it is first needed, so an unused connection holds nothing and needs no close. */
  #open(): NativeConnection {
    this.#native ??= new NativeConnection(this.#config, {
      described: (type, sdp) => {
        this.#fingerprint = fingerprintOf(sdp)
        localFingerprints.add(this.#fingerprint)
        this.#created = { type, sdp: announceOurselves(sdp) }
        this.#descriptions.next(this.#created)
      },
      candidate: (name, media) => {
        this.#heldCandidates.add({ media, index: 0, name })
      },
      gathering: (state) => {
        this.#gathering.set(state)
      },
      state: (state) => {
        this.#nativeStateChanged(state)
      },
      channel: (channel) => {
        this.#receive(channel)
      },
    })
    return this.#native
  }

  #nativeStateChanged(state: string): void {
    switch (state) {
      case 'connecting':
        this.#state.set(ConnectionState.CONNECTING)
        break
      case 'connected':
        this.#state.set(ConnectionState.CONNECTED)
        break
      case 'disconnected':
        this.#settleTo(ConnectionState.DISCONNECTED)
        break
      case 'failed':
        this.#settleTo(ConnectionState.FAILED)
        break
      case 'closed':
        this.#settling.report(() => {
          this.close()
        })
        break
    }
  }

  #settleTo(state: ConnectionState): void {
    this.#settling.report(() => {
      if (!this.#closed) this.#state.set(state)
    })
  }

  #receive(native: NativeDataChannel): void {
    keepAlive(native)
    if (this.#closed || !this.#receivedChannels.observed) {
      native.onClosed(() => {
        letGo(native)
      })
      native.close()
      return
    }
    // The native library does not tell how the other side configured its channel.
    const options = {
      negotiated: false,
      id: native.getId(),
      ordered: true,
      maxPacketLifeTime: null,
      maxRetransmits: null,
      protocol: native.getProtocol(),
    }
    const channel = new NodeDataChannel(native, native.getLabel(), options, this.#owner)
    this.#channels.add(channel)
    this.#receivedChannels.next(channel)
  }

  get #owner(): ChannelOwner {
    return {
      maxMessageSize: this.#config.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
      channelEnded: (channel) => {
        this.#settling.report(() => {
          if (this.#graceful !== null && !this.#closed) {
            if (!channel.wasClosedHere) this.#remoteClosedChannel()
            return
          }
          this.#channels.delete(channel)
          channel.finish()
        })
      },
    }
  }

  /** Closes everything now and reports it, channels first. */
  #finish(): void {
    this.#created = null
    localFingerprints.delete(this.#fingerprint)
    this.#heldCandidates.stop()
    for (const channel of this.#channels) channel.closeWithConnection()
    this.#native?.close()
    const channels = [...this.#channels]
    this.#channels.clear()
    for (const channel of channels) channel.finish()
    this.#signaling.finish(SignalingState.CLOSED)
    this.#gathering.finish(this.#gathering.value)
    this.#descriptions.complete()
    this.#candidates.complete()
    this.#receivedChannels.complete()
    this.#state.finish(ConnectionState.CLOSED)
  }

  #roundTripTime(): number | null {
    return this.#state.value === ConnectionState.CONNECTED ? (this.#native?.roundTripTime() ?? null) : null
  }

  #assertNew(call: string): void {
    this.#assertNotClosed(call)
    if (this.#state.value !== ConnectionState.NEW) {
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `${call} comes before the first description, the connection is ${ConnectionState[this.#state.value]}; make a new one.`,
      )
    }
  }

  #assertNotClosed(call: string): void {
    if (this.#closed) {
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
