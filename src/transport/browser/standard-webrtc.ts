// The part of W3C WebRTC (https://www.w3.org/TR/webrtc/) that this library uses, as types of its own: those of TypeScript's DOM library are not there in Node, and no
// two implementations declare exactly the same ones.

import type { IceConnectionState } from '../states.ts'

/** A W3C `RTCPeerConnection` constructor: that of a browser, of Electron, of React Native, of a library for Node. */
export type StandardPeerConnectionConstructor = new (configuration?: never) => object

/** An `RTCPeerConnection`. */
export interface StandardPeerConnection {
  readonly connectionState?: string
  readonly iceConnectionState: IceConnectionState
  readonly iceGatheringState: string
  /** Absent in some implementations; null before the descriptions are applied. */
  readonly sctp?: StandardSctpTransport | null
  onconnectionstatechange: (() => void) | null
  oniceconnectionstatechange: (() => void) | null
  onicegatheringstatechange: (() => void) | null
  onicecandidate: ((event: { candidate: StandardCandidate | null }) => void) | null
  ondatachannel: ((event: { channel: StandardDataChannel }) => void) | null
  createDataChannel(label: string, options: object): StandardDataChannel
  createOffer(): Promise<StandardDescription>
  createAnswer(): Promise<StandardDescription>
  setLocalDescription(description: StandardDescription): Promise<void>
  setRemoteDescription(description: StandardDescription): Promise<void>
  addIceCandidate(candidate: { candidate: string; sdpMid: string | null; sdpMLineIndex: number }): Promise<unknown>
  getStats(): Promise<{ forEach(look: (report: StandardReport) => void): void }>
  close(): void
}

/** An `RTCDataChannel`. */
export interface StandardDataChannel {
  readonly id: number | null
  readonly label: string
  readonly ordered: boolean
  readonly protocol: string
  readonly negotiated: boolean
  readonly maxPacketLifeTime: number | null
  readonly maxRetransmits: number | null
  readonly readyState: string
  readonly bufferedAmount: number
  bufferedAmountLowThreshold: number
  binaryType: string
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onbufferedamountlow: (() => void) | null
  onerror: ((event: { readonly error?: { readonly errorDetail?: string } }) => void) | null
  onclose: (() => void) | null
  send(data: Uint8Array | string): void
  close(): void
}

/** An `RTCSessionDescription`. */
export interface StandardDescription {
  type: string
  sdp?: string
}

/** An `RTCIceCandidate`. */
export interface StandardCandidate {
  readonly candidate: string
  readonly sdpMid: string | null
}

/** An `RTCSctpTransport`. */
export interface StandardSctpTransport {
  readonly state: string
  /** Bytes; null or infinite where there is no limit. */
  readonly maxMessageSize: number | null
  readonly transport?: { onstatechange: (() => void) | null; readonly state: string }
  onstatechange: (() => void) | null
}

/** A member of an `RTCStatsReport`. */
export interface StandardReport {
  readonly type: string
  readonly id?: string
  /** Of a report of type `transport`: the pair in use. Firefox marks the pair itself. */
  readonly selectedCandidatePairId?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly candidateType?: 'host' | 'srflx' | 'prflx' | 'relay'
  readonly protocol?: 'udp' | 'tcp'
  /** Null where it is hidden. */
  readonly address?: string | null
  readonly port?: number
  readonly nominated?: boolean
  readonly state?: string
  /** Seconds. */
  readonly currentRoundTripTime?: number
}
