import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import type { ConnectionStats, PeerConnectionConfiguration, SessionDescriptionType } from '../peer-connection.ts'
import type { ReadCandidate } from '../library/ice-candidate.ts'
import { onLaterTurn } from '../library/later-turn.ts'
import { LibraryPeerConnection } from '../library/library-peer-connection.ts'
import { ConnectionState, GatheringState } from '../states.ts'
import { BrowserDataChannel, type BrowserChannelOwner } from './browser-data-channel.ts'
import { agreedMessageSize, DEFAULT_MESSAGE_SIZE } from './message-size.ts'
import { openConnection, reasonOf } from './open-connection.ts'
import { onPageHide } from './page-hide.ts'
import { SelectedPath } from './selected-path.ts'
import type { StandardDescription, StandardPeerConnection } from './standard-webrtc.ts'

/** W3C's connection states, and ICE's where an implementation has no others; CONNECTING and CLOSED are only reached by calls. */
const STATES: Readonly<Record<string, ConnectionState>> = {
  connected: ConnectionState.CONNECTED,
  completed: ConnectionState.CONNECTED,
  disconnected: ConnectionState.DISCONNECTED,
  failed: ConnectionState.FAILED,
}

/** Milliseconds within which the channels of a connection that the other side has closed report their own end; measured, 0 to 15. */
const CHANNELS_END = 500

/**
 * A connection over a W3C `RTCPeerConnection`: the browser's, or any other implementation given as `RTCPeerConnection` in the configuration. It gives them all the
 * behaviour of {@link WebRTCPeerConnection}: what a browser does later or not at all (telling that the other side has closed, telling the other side
 * when the page goes away) and what it does its own way (message sizes, buffered amounts, end-of-candidates).
 */
export class BrowserPeerConnection extends LibraryPeerConnection<BrowserDataChannel> {
  readonly #configuration: PeerConnectionConfiguration
  #native: StandardPeerConnection
  #description: StandardDescription | null = null
  #maxMessageSize = DEFAULT_MESSAGE_SIZE
  readonly #path = new SelectedPath()
  readonly #traffic = { sent: 0, received: 0 }
  #stopWatchingPage: (() => void) | null = null
  #otherHasClosed = false

  /** @throws MultiplayerError `ERR_UNAVAILABLE` where there is no WebRTC, `ERR_INVALID_PARAMETER` for a configuration that it refuses. */
  constructor(configuration: PeerConnectionConfiguration = {}) {
    super()
    this.#configuration = configuration
    this.#native = this.#open(configuration)
  }

  stats(): ConnectionStats {
    const { sent, received } = this.#traffic
    const isConnected = this.state.value === ConnectionState.CONNECTED
    const { roundTripTime, pair } = isConnected ? this.#path.last(this.#native) : { roundTripTime: null, pair: null }
    return {
      roundTripTime,
      selectedCandidatePair: pair,
      bytesSent: sent,
      bytesReceived: received,
      refusedCandidates: this.remoteCandidates.refused,
    }
  }

  protected configure(configuration: PeerConnectionConfiguration): void {
    const { RTCPeerConnection } = this.#configuration
    const native = this.#open({ ...(RTCPeerConnection && { RTCPeerConnection }), ...configuration })
    this.#native.close()
    this.#native = native
  }

  protected openChannel(label: string, options: ResolvedChannelOptions): BrowserDataChannel {
    this.#watchPage()
    const { id, maxPacketLifeTime, maxRetransmits, negotiated, ordered, protocol } = options
    const native = this.#native.createDataChannel(label, {
      negotiated,
      ordered,
      protocol,
      ...(id !== null && { id }),
      ...(maxPacketLifeTime !== null && { maxPacketLifeTime }),
      ...(maxRetransmits !== null && { maxRetransmits }),
    })
    return new BrowserDataChannel(native, options, this.#owner)
  }

  protected offer(): void {
    this.#run('The offer', async () => this.#describe('offer', await this.#native.createOffer()))
  }

  protected answer(sdp: string): void {
    this.#watchPage()
    this.#run("The other side's offer", async () => {
      await this.#applyRemote('offer', sdp)
      this.#describe('answer', await this.#native.createAnswer())
    })
  }

  protected applyAnswer(sdp: string): void {
    this.#run("The other side's answer", () => this.#applyRemote('answer', sdp))
  }

  protected applyLocal(): void {
    const description = this.#description
    if (description) this.#run(`The ${description.type}`, () => this.#native.setLocalDescription(description))
  }

  protected addRemoteCandidate({ candidate }: ReadCandidate, media: string): void {
    // The promise waits for a description that is being applied.
    this.#native.addIceCandidate({ candidate, sdpMid: media === '' ? null : media, sdpMLineIndex: 0 }).catch(() => {
      if (!this.closed) this.remoteCandidates.refused++
    })
    this.heldCandidates.checking()
  }

  protected sharesProcessWith(): boolean {
    return false
  }

  protected roundTripTime(): number | null {
    return this.state.value === ConnectionState.CONNECTED ? this.#path.last(this.#native).roundTripTime : null
  }

  protected closeNative(): void {
    this.#stopWatchingPage?.()
    this.#native.close()
  }

  get #owner(): BrowserChannelOwner {
    const maxMessageSize = (): number => this.#maxMessageSize
    return {
      traffic: this.#traffic,
      get maxMessageSize() {
        return maxMessageSize()
      },
      // Browsers may tell of the channels before they tell of the connection.
      channelOpens: () => {
        if (!this.closed) this.#reached(ConnectionState.CONNECTED)
      },
      aborted: () => {
        if (!this.closed) this.#closedByOther()
      },
      channelEnded: (channel) => {
        if (this.closed) return
        this.channelEnded(channel)
        const isLast = this.channels.size === 0
        const { sctp } = this.#native
        if (this.#otherHasClosed && isLast) onLaterTurn(() => this.close())
        // For implementations whose association tells nothing of itself, or is not to be seen: then it is over with its last channel.
        else if (!channel.wasClosedHere && (sctp ? sctp.state === 'closed' : isLast)) this.#closedByOther()
      },
    }
  }

  #open(configuration: PeerConnectionConfiguration): StandardPeerConnection {
    const native = openConnection(configuration)
    native.onicecandidate = ({ candidate }) => {
      // Null and the empty candidate say that there are no more; Godot's signal does not tell that either.
      if (!this.closed && candidate?.candidate) this.found(candidate.sdpMid ?? '0', candidate.candidate)
    }
    native.onicegatheringstatechange = () => {
      const { iceGatheringState } = native
      if (iceGatheringState !== 'new')
        this.gathering.set(iceGatheringState === 'complete' ? GatheringState.COMPLETE : GatheringState.GATHERING)
    }
    native.onconnectionstatechange = native.oniceconnectionstatechange = () => {
      if (!this.closed) this.ice.set(native.iceConnectionState)
      const state = STATES[native.connectionState ?? native.iceConnectionState]
      if (!this.closed && state !== undefined) this.#reached(state)
    }
    native.ondatachannel = ({ channel }) => {
      if (!this.wantsChannels) {
        channel.close()
        return
      }
      const { ordered, protocol, id, maxPacketLifeTime, maxRetransmits } = channel
      const options = { negotiated: false, id, ordered, protocol, maxPacketLifeTime, maxRetransmits }
      this.receive(new BrowserDataChannel(channel, options, this.#owner))
    }
    return native
  }

  /** From the first use on; one that was made and forgotten can be collected. */
  #watchPage(): void {
    this.#stopWatchingPage ??= onPageHide(() => {
      this.close()
    })
  }

  #reached(state: ConnectionState): void {
    if (state === this.state.value) return
    if (state === ConnectionState.CONNECTED) {
      this.#watchAssociation(this.#native)
      // Begins to measure, so that a graceful close knows how long packets are under way.
      this.#path.last(this.#native)
    }
    this.state.set(state)
    // Nothing that this library does brings it back, so it ends as in Node.
    if (state === ConnectionState.FAILED) this.close()
  }

  /**
   * Browsers tell at once that the other side has closed the association: by its state, or in Chromium, when the other side is libdatachannel, by the
   * errors of its channels alone. Of the connection itself they say so after 6 to 30 s, or never (Firefox).
   */
  #watchAssociation({ sctp }: StandardPeerConnection): void {
    this.#maxMessageSize = Math.min(
      this.#maxMessageSize,
      sctp ? (sctp.maxMessageSize ?? Infinity) : DEFAULT_MESSAGE_SIZE,
    )
    if (!sctp) return
    sctp.onstatechange = () => {
      if (sctp.state === 'closed') this.#closedByOther()
    }
  }

  /** The channels report their own ends, each after its last messages; then this connection is closed too. */
  #closedByOther(): void {
    if (this.#otherHasClosed) return
    this.#otherHasClosed = true
    this.remoteIsGone()
    const close = (): void => {
      this.close()
    }
    // Not within the event of a channel: @roamhq/wrtc does not survive that.
    if (this.channels.size === 0) onLaterTurn(close)
    else setTimeout(close, CHANNELS_END)
  }

  #describe(type: SessionDescriptionType, description: StandardDescription): void {
    if (this.closed) return
    this.#description = description
    this.described(type, description.sdp ?? '')
  }

  async #applyRemote(type: SessionDescriptionType, sdp: string): Promise<void> {
    this.#maxMessageSize = agreedMessageSize(sdp)
    await this.#native.setRemoteDescription({ type, sdp })
  }

  /** The browser refuses later than the call; then this connection has failed. */
  #run(what: string, task: () => Promise<void>): void {
    task().catch((cause: unknown) => {
      const message = `${what} is refused: ${reasonOf(cause)}. Begin anew on a new connection.`
      this.fail(new MultiplayerError('ERR_INVALID_DATA', message, { cause }))
    })
  }
}
