import {
  PeerConnection as NativePeerConnection,
  type DataChannel as NativeDataChannel,
  type RtcConfig,
  type SelectedCandidateInfo,
} from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import type { SelectedCandidate, SelectedCandidatePair, SessionDescriptionType } from '../peer-connection.ts'
import { GatheringState, type IceConnectionState } from '../states.ts'
import { keepAlive, letGo } from './keep-alive.ts'
import { guardNative } from './native-guard.ts'
import { assertCanGather } from './socket-probe.ts'

const GATHERING_STATES: Readonly<Record<string, GatheringState>> = {
  new: GatheringState.NEW,
  'in-progress': GatheringState.GATHERING,
  complete: GatheringState.COMPLETE,
}

/** What the native connection reports; nothing any more once it was closed by {@link NativeConnection.close}. */
export interface NativeConnectionEvents {
  described(type: SessionDescriptionType, sdp: string): void
  candidate(name: string, media: string): void
  gathering(state: GatheringState): void
  ice(state: IceConnectionState): void
  /** The native state, `connecting` to `closed`. */
  state(state: string): void
  channel(native: NativeDataChannel): void
}

/** A connection of node-datachannel whose calls throw where the bare one's abort the process, and whose callbacks cannot. */
export class NativeConnection {
  readonly #native: NativePeerConnection
  readonly #config: RtcConfig
  #bytesAtEnd: { bytesSent: number; bytesReceived: number } | null = null

  constructor(config: RtcConfig, events: NativeConnectionEvents) {
    this.#config = config
    this.#native = attempt('ERR_INVALID_PARAMETER', 'The configuration', () => new NativePeerConnection('', config))
    keepAlive(this.#native)
    this.#listen(this.#native, events)
  }

  get #closed(): boolean {
    return this.#bytesAtEnd !== null
  }

  createDataChannel(label: string, options: ResolvedChannelOptions): NativeDataChannel {
    const { id, maxPacketLifeTime, maxRetransmits } = options
    return this.#native.createDataChannel(label, {
      negotiated: options.negotiated,
      ...(id !== null && { id }),
      unordered: !options.ordered,
      protocol: options.protocol,
      ...(maxPacketLifeTime !== null && { maxPacketLifeTime }),
      ...(maxRetransmits !== null && { maxRetransmits }),
    })
  }

  /** Makes an offer; there must be a channel. @throws MultiplayerError `ERR_OUT_OF_MEMORY` */
  offer(): void {
    assertCanGather(this.#config)
    this.#native.setLocalDescription('offer')
  }

  /** Applies an offer and makes the answer. @throws MultiplayerError `ERR_INVALID_DATA`, `ERR_OUT_OF_MEMORY` */
  answer(sdp: string): void {
    assertCanGather(this.#config)
    this.applyRemote('offer', sdp)
    if (this.#native.signalingState() !== 'have-remote-offer') {
      throw new MultiplayerError(
        'ERR_INVALID_DATA',
        'The offer of the other side could not be applied; offer again on a new connection.',
      )
    }
    this.#native.setLocalDescription('answer')
  }

  /** @throws MultiplayerError `ERR_INVALID_DATA` */
  applyRemote(type: SessionDescriptionType, sdp: string): void {
    attempt('ERR_INVALID_DATA', `The ${type} of the other side`, () => {
      this.#native.setRemoteDescription(sdp, type)
    })
  }

  /** After the connection has ended, reported or not yet, it does nothing. @throws MultiplayerError `ERR_INVALID_DATA` */
  addCandidate(candidate: string, mid: string): void {
    // In these states the library has taken its ICE transport down and would throw.
    if (this.#closed || ['disconnected', 'failed', 'closed'].includes(this.#native.state())) return
    attempt('ERR_INVALID_DATA', 'The candidate', () => {
      this.#native.addRemoteCandidate(candidate, mid === '' ? '0' : mid)
    })
  }

  /** Payload bytes; after the close, those at the end. */
  bytes(): { bytesSent: number; bytesReceived: number } {
    return this.#bytesAtEnd ?? { bytesSent: this.#native.bytesSent(), bytesReceived: this.#native.bytesReceived() }
  }

  /** Milliseconds, or null while unknown. */
  roundTripTime(): number | null {
    const milliseconds = this.#closed ? -1 : this.#native.rtt()
    return milliseconds >= 0 ? milliseconds : null
  }

  /** Null while there is none. */
  selectedCandidatePair(): SelectedCandidatePair | null {
    const pair = this.#closed ? null : this.#native.getSelectedCandidatePair()
    return pair && { local: toSelectedCandidate(pair.local), remote: toSelectedCandidate(pair.remote) }
  }

  /** The channels must have been closed before. */
  close(): void {
    this.#bytesAtEnd = this.bytes()
    this.#native.close()
  }

  #listen(native: NativePeerConnection, events: NativeConnectionEvents): void {
    const unlessClosed = <Args extends unknown[]>(callback: (...args: Args) => void): ((...args: Args) => void) =>
      guardNative((...args) => {
        if (!this.#closed) callback(...args)
      })
    native.onLocalDescription(
      unlessClosed((sdp, type) => {
        if (type === 'offer' || type === 'answer') events.described(type, sdp)
      }),
    )
    native.onLocalCandidate(
      unlessClosed((name, media) => {
        events.candidate(name, media)
      }),
    )
    native.onGatheringStateChange(
      unlessClosed((state) => {
        const known = GATHERING_STATES[state]
        if (known !== undefined) events.gathering(known)
      }),
    )
    native.onIceStateChange(
      unlessClosed((state) => {
        events.ice(state as IceConnectionState)
      }),
    )
    native.onDataChannel(
      guardNative((channel) => {
        events.channel(channel)
      }),
    )
    native.onStateChange(
      guardNative((state) => {
        if (state === 'closed') letGo(native)
        if (!this.#closed) events.state(state)
      }),
    )
  }
}

function toSelectedCandidate({ type, transportType, address, port }: SelectedCandidateInfo): SelectedCandidate {
  // The transport is `UDP`, or `TCP` with more behind it.
  const protocol = /^tcp/i.test(transportType) ? 'tcp' : 'udp'
  return { type: type as SelectedCandidate['type'], protocol, address, port }
}

/** Turns an error of the native library into one that says what was refused. */
function attempt<T>(code: 'ERR_INVALID_DATA' | 'ERR_INVALID_PARAMETER', what: string, call: () => T): T {
  try {
    return call()
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace(/^libdatachannel error while [^:]*: /, '') : String(cause)
    throw new MultiplayerError(code, `${what} is refused: ${reason}.`, { cause })
  }
}
