import { isMainThread } from 'node:worker_threads'
import type { DataChannel as NativeDataChannel, RtcConfig } from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import type { ConnectionStats, PeerConnectionConfiguration } from '../peer-connection.ts'
import type { ReadCandidate } from '../library/ice-candidate.ts'
import type { ChannelOwner } from '../library/library-data-channel.ts'
import { LibraryPeerConnection } from '../library/library-peer-connection.ts'
import { fingerprintOf } from '../library/session-description.ts'
import { ConnectionState } from '../states.ts'
import { keepAlive, letGo } from './keep-alive.ts'
import { DEFAULT_MAX_MESSAGE_SIZE, toNativeConfiguration } from './native-configuration.ts'
import { NativeConnection } from './native-connection.ts'
import { NodeDataChannel } from './node-data-channel.ts'
import { Settling } from './settling.ts'

/** Fingerprints of the connections of this process that have described themselves. */
const localFingerprints = new Set<string>()

/**
 * A connection over the native API of node-datachannel. It exists to give that library's connections the behaviour of
 * {@link WebRTCPeerConnection}, and to make sure that nothing a user or a remote peer does reaches one of its calls or callbacks that abort the process.
 */
export class NodePeerConnection extends LibraryPeerConnection<NodeDataChannel> {
  readonly #settling = new Settling(() => [...this.channels].reduce((sum, channel) => sum + channel.received, 0))
  #config: RtcConfig
  #native: NativeConnection | null = null
  #fingerprint = ''

  constructor(configuration: PeerConnectionConfiguration = {}) {
    super()
    if (!isMainThread) {
      throw new MultiplayerError(
        'ERR_UNAVAILABLE',
        'WebRTC does not work in a worker thread: ending the worker would abort the whole process. Use the main thread or a child process.',
      )
    }
    this.#config = toNativeConfiguration(configuration)
  }

  stats(): ConnectionStats {
    const { bytesSent = 0, bytesReceived = 0 } = this.#native?.bytes() ?? {}
    const roundTripTime = this.roundTripTime()
    const isConnected = this.state.value === ConnectionState.CONNECTED
    return {
      roundTripTime,
      selectedCandidatePair: isConnected ? (this.#native?.selectedCandidatePair() ?? null) : null,
      bytesSent,
      bytesReceived,
      refusedCandidates: this.remoteCandidates.refused,
    }
  }

  protected configure(configuration: PeerConnectionConfiguration): void {
    this.#config = toNativeConfiguration(configuration)
  }

  protected openChannel(label: string, options: ResolvedChannelOptions): NodeDataChannel {
    return new NodeDataChannel(this.#open().createDataChannel(label, options), label, options, this.#owner)
  }

  protected offer(): void {
    this.#open().offer()
  }

  protected answer(sdp: string): void {
    this.#open().answer(sdp)
  }

  protected applyAnswer(sdp: string): void {
    this.#open().applyRemote('answer', sdp)
  }

  protected applyLocal(): void {
    // The native library cannot make a description without applying it.
  }

  protected addRemoteCandidate({ candidate, isUdp }: ReadCandidate, media: string): void {
    // libjuice does not speak TCP.
    if (!isUdp) return
    this.#native?.addCandidate(candidate, media)
    this.heldCandidates.checking()
  }

  protected sharesProcessWith(sdp: string): boolean {
    return localFingerprints.has(fingerprintOf(sdp))
  }

  protected roundTripTime(): number | null {
    return this.state.value === ConnectionState.CONNECTED ? (this.#native?.roundTripTime() ?? null) : null
  }

  protected closeNative(): void {
    localFingerprints.delete(this.#fingerprint)
    this.#native?.close()
  }

  get #owner(): ChannelOwner<NodeDataChannel> {
    return {
      maxMessageSize: this.#config.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
      channelEnded: (channel) => {
        this.#settling.report(() => {
          this.channelEnded(channel)
        })
      },
    }
  }

  /** The native connection is made when it is first needed, so an unused connection holds nothing and needs no close. */
  #open(): NativeConnection {
    this.#native ??= new NativeConnection(this.#config, {
      described: (type, sdp) => {
        this.#fingerprint = fingerprintOf(sdp)
        localFingerprints.add(this.#fingerprint)
        this.described(type, sdp)
      },
      candidate: (name, media) => {
        this.found(media, name)
      },
      gathering: (state) => {
        this.gathering.set(state)
      },
      ice: (state) => {
        this.ice.set(state)
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
        this.state.set(ConnectionState.CONNECTING)
        break
      case 'connected':
        this.state.set(ConnectionState.CONNECTED)
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
      if (!this.closed) this.state.set(state)
    })
  }

  #receive(native: NativeDataChannel): void {
    keepAlive(native)
    if (!this.wantsChannels) {
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
    this.receive(new NodeDataChannel(native, native.getLabel(), options, this.#owner))
  }
}
