import type { Observable } from 'rxjs'
import type { MultiplayerError } from '../multiplayer-error.ts'
import type { StandardPeerConnectionConstructor } from './browser/standard-webrtc.ts'
import type { DataChannelOptions, WebRTCDataChannel } from './data-channel.ts'
import type { ConnectionState, GatheringState, IceConnectionState, SignalingState } from './states.ts'

/** One ICE server, as W3C `RTCIceServer`. */
export interface IceServer {
  /** `stun:host[:port]`, `turn:host[:port][?transport=udp]`, ... IPv6 hosts in brackets. */
  urls: string | readonly string[]
  /** TURN user name; may contain `:`. */
  username?: string
  /** TURN password. */
  credential?: string
}

/** Configuration of a connection: the members of W3C `RTCConfiguration` that matter for data channels. */
export interface PeerConnectionConfiguration {
  /** STUN and TURN servers. Default none: only host candidates. */
  iceServers?: readonly IceServer[]
  /** `relay` uses TURN only. Default `all`. */
  iceTransportPolicy?: 'all' | 'relay'
  /**
   * The implementation of W3C WebRTC to use; Electron, React Native and libraries for Node have one. In the browser transport only (elsewhere
   * ignored). Default: the global `RTCPeerConnection`.
   */
  RTCPeerConnection?: StandardPeerConnectionConstructor
  /** Settings of libdatachannel (Node only, elsewhere ignored), named as Godot's webrtc-native 1.2 names them. */
  libdatachannel?: LibdatachannelSettings
}

/** Settings that only the Node transport knows. */
export interface LibdatachannelSettings {
  /** Local address to bind to, e.g. `127.0.0.1`. Default all interfaces. */
  bindAddress?: string
  /** First UDP port, 1024 to 65535. */
  portRangeBegin?: number
  /** Last UDP port, 1024 to 65535. */
  portRangeEnd?: number
  /** Path MTU in bytes, 576 to 4000 (a larger one passes no data). */
  mtu?: number
  enableIceTcp?: boolean
  /** All connections of the process share one UDP port. Excludes TURN. */
  enableIceUdpMux?: boolean
  /** Largest message that this side receives, bytes. Default 262144. */
  maxMessageSize?: number
}

/** `offer` or `answer`; this library makes and takes no others. */
export type SessionDescriptionType = 'offer' | 'answer'

/** What {@link WebRTCPeerConnection.sessionDescriptionCreated$} emits, to be sent to the other side as it is. */
export interface SessionDescription {
  readonly type: SessionDescriptionType
  readonly sdp: string
}

/** What {@link WebRTCPeerConnection.iceCandidateCreated$} emits, to be sent to the other side as it is. Godot's argument names. */
export interface IceCandidate {
  /** `sdpMid`, normally "0". */
  readonly media: string
  /** `sdpMLineIndex`, always 0: there is one data section. */
  readonly index: number
  /** The candidate line. */
  readonly name: string
}

/** What the other side said of itself in its session description; null for Godot, browsers without this library and others. */
export interface RemoteImplementation {
  /** Version of the extensions, from `a=x-webrtc-multiplayer:<version> <features>`. */
  readonly version: number
  readonly features: readonly string[]
}

/** One end of the path that packets take. */
export interface SelectedCandidate {
  /** The end's own address, the one a STUN server saw, the one the other side saw, or that of a TURN server. */
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay'
  readonly protocol: 'udp' | 'tcp'
  /** An IP address; empty where the platform hides it. */
  readonly address: string
  readonly port: number
}

/** The path that packets take: which candidate of each side ICE has chosen. */
export interface SelectedCandidatePair {
  readonly local: SelectedCandidate
  readonly remote: SelectedCandidate
}

/** Counters of a connection. */
export interface ConnectionStats {
  /** Smoothed round trip time, milliseconds; null while not connected or unknown. */
  readonly roundTripTime: number | null
  /** Null while not connected or unknown. */
  readonly selectedCandidatePair: SelectedCandidatePair | null
  /** Payload bytes over all channels. */
  readonly bytesSent: number
  readonly bytesReceived: number
  /** Remote candidates that were refused: malformed ones, and those beyond the cap. */
  readonly refusedCandidates: number
}

/** Options of {@link WebRTCPeerConnection.closeGracefully}. */
export interface CloseGracefullyOptions {
  /** Milliseconds after which it closes no matter what is still under way. Default 2000. */
  timeout?: number
}

/**
 * A connection to one other peer: Godot's `WebRTCPeerConnection` on every platform. It makes and takes descriptions
 * and candidates; carrying them to the other side is the application's (or the lobby's) task:
 *
 * 1. both sides create their negotiated channels;
 * 2. one side calls {@link createOffer};
 * 3. whoever gets {@link sessionDescriptionCreated$} passes it to {@link setLocalDescription} and sends it;
 * 4. what arrives goes to {@link setRemoteDescription} (an offer makes the answer by itself) and {@link addIceCandidate}, in any order.
 *
 * Properties change at once; signals are emitted on a later turn than the call that led to them, except those of {@link close}, which
 * emits before it returns: the channels' CLOSED, then its own.
 */
export interface WebRTCPeerConnection extends Disposable {
  readonly connectionState: ConnectionState
  /** The state now and every change; completes after CLOSED. */
  readonly connectionState$: Observable<ConnectionState>
  /** How far ICE is, the search for a path; DTLS and the channels come after it. W3C's `iceConnectionState`. */
  readonly iceConnectionState: IceConnectionState
  /** The state now and every change; completes after `closed`. */
  readonly iceConnectionState$: Observable<IceConnectionState>
  readonly gatheringState: GatheringState
  readonly gatheringState$: Observable<GatheringState>
  readonly signalingState: SignalingState
  readonly signalingState$: Observable<SignalingState>
  /** Godot's `session_description_created(type, sdp)`. */
  readonly sessionDescriptionCreated$: Observable<SessionDescription>
  /**
   * Godot's `ice_candidate_created(media, index, name)`. Emitted after {@link setLocalDescription}; the offering side's are held until
   * the answer was applied, which avoids a stall of one second in DTLS.
   */
  readonly iceCandidateCreated$: Observable<IceCandidate>
  /** Godot's `data_channel_received(channel)`: the other side made a channel that was not negotiated. Closed at once if nobody is subscribed. */
  readonly dataChannelReceived$: Observable<WebRTCDataChannel>
  /** Why the connection was FAILED, where the platform says so; null otherwise. */
  readonly failure: MultiplayerError | null
  /** Known once the remote description was set. */
  readonly remoteImplementation: RemoteImplementation | null

  /**
   * Configures the connection anew; only needed where the constructor was given no configuration.
   * @throws MultiplayerError `ERR_ALREADY_IN_USE` if channels or descriptions exist, `ERR_INVALID_PARAMETER` for a bad
   * configuration.
   */
  initialize(configuration?: PeerConnectionConfiguration): void
  /**
   * Creates a channel. Channels are created before the first description.
   * @throws MultiplayerError `ERR_UNCONFIGURED` if the connection is not NEW, `ERR_INVALID_PARAMETER` for options out of range or that exclude each
   * other, `ERR_ALREADY_IN_USE` for a negotiated id that is taken.
   */
  createDataChannel(label: string, options?: DataChannelOptions): WebRTCDataChannel
  /** @throws MultiplayerError `ERR_UNCONFIGURED` if the connection is not NEW or has no channel (there would be nothing to offer). */
  createOffer(): void
  /** Applies what {@link sessionDescriptionCreated$} gave. @throws MultiplayerError `ERR_INVALID_PARAMETER` for any other description. */
  setLocalDescription(type: SessionDescriptionType, sdp: string): void
  /**
   * Applies the other side's description. An offer makes the answer by itself.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for an unknown type, `ERR_UNCONFIGURED` if the signaling state does not allow this type
   * now (glare: the application decides who offers), `ERR_INVALID_DATA` for a malformed SDP or one of more than 65536 characters.
   */
  setRemoteDescription(type: SessionDescriptionType, sdp: string): void
  /**
   * Adds a candidate of the other side, with or without the `a=` prefix; the empty string is end-of-candidates. Before the remote description
   * they are queued (at most 128 in all). After {@link close} it does nothing: late candidates are normal.
   * @throws MultiplayerError `ERR_INVALID_DATA` for a malformed candidate, `ERR_OUT_OF_MEMORY` beyond the cap of candidates.
   */
  addIceCandidate(media: string, index: number, name: string): void

  /** Does nothing; for code ported from Godot. */
  poll(): void
  stats(): ConnectionStats
  /**
   * Closes the channels, then the connection, now: the other side sees it within milliseconds. What was sent just before may be lost; use
   * {@link closeGracefully} where that matters. May be called at any time, more than once.
   */
  close(): void
  /**
   * Lets what was sent arrive, then closes: waits for the send buffers to drain, closes the channels, waits for the other side to notice, closes.
   * Bounded by the timeout; a second call returns the same promise. {@link connectionState} stays what it is until the end.
   */
  closeGracefully(options?: CloseGracefullyOptions): Promise<void>
}

/** Makes connections: `WebRTCPeerConnection` of this package, a simulated network, or your own. */
export type PeerConnectionConstructor = new (configuration?: PeerConnectionConfiguration) => WebRTCPeerConnection
