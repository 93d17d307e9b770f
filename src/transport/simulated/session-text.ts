import { MultiplayerError } from '../../multiplayer-error.ts'
import type { IceCandidate, RemoteImplementation, SessionDescriptionType } from '../peer-connection.ts'
import { announceOurselves, parseRemoteImplementation } from '../own-peers.ts'
import { MAX_SDP_LENGTH } from '../remote-limits.ts'
import type { Random } from './random.ts'

/** What two connections tell each other in their descriptions. */
export interface Session {
  /** Names the connection within its network. */
  readonly ufrag: string
  readonly password: string
  readonly fingerprint: string
  /** Bytes. */
  readonly maxMessageSize: number
}

/** What the other side has told. */
export interface RemoteSession extends Session {
  readonly implementation: RemoteImplementation | null
}

/** RFC 8841: what a description without the attribute allows. */
const DEFAULT_MAX_MESSAGE_SIZE = 65536
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function makeSession(random: Random, maxMessageSize: number): Session {
  const bytes = Array.from({ length: 32 }, () => random.text(2, '0123456789ABCDEF'))
  return {
    ufrag: random.text(8, BASE64),
    password: random.text(22, BASE64),
    fingerprint: bytes.join(':'),
    maxMessageSize,
  }
}

/** The description in the shape that libdatachannel gives it. */
export function formatSdp(type: SessionDescriptionType, session: Session): string {
  const lines = [
    'v=0',
    'o=rtc 1 0 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=msid-semantic:WMS *',
    `a=ice-options:trickle`,
    `a=fingerprint:sha-256 ${session.fingerprint}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=sctp-port:5000',
    `a=max-message-size:${session.maxMessageSize}`,
    `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
    `a=ice-ufrag:${session.ufrag}`,
    `a=ice-pwd:${session.password}`,
  ]
  return announceOurselves(lines.map((line) => `${line}\r\n`).join(''), ['simulated'])
}

/** @throws MultiplayerError `ERR_INVALID_DATA` for a description that no WebRTC implementation would take. */
export function parseSdp(type: SessionDescriptionType, sdp: string): RemoteSession {
  if (typeof sdp !== 'string' || sdp.length > MAX_SDP_LENGTH) {
    throw malformed(`A session description is a string of at most ${MAX_SDP_LENGTH} characters.`, sdp)
  }
  const attribute = (pattern: RegExp): string => {
    const value = pattern.exec(sdp)?.[1]
    if (value === undefined)
      throw malformed(
        `The session description lacks a valid line ${pattern.source}; pass it on as it was created.`,
        sdp,
      )
    return value
  }
  attribute(/^(v=0)\r?$/m)
  attribute(/^(m=application \d+ (?:UDP|TCP)\/DTLS\/SCTP webrtc-datachannel)\r?$/m)
  attribute(/^a=sctp-port:(\d+)\r?$/m)
  attribute(type === 'offer' ? /^a=setup:(actpass|active|passive)\r?$/m : /^a=setup:(active|passive)\r?$/m)
  return {
    ufrag: attribute(/^a=ice-ufrag:([\w+/]{4,256})\r?$/m),
    password: attribute(/^a=ice-pwd:([\w+/]{22,256})\r?$/m),
    fingerprint: attribute(/^a=fingerprint:sha-256 ([\dA-F]{2}(?::[\dA-F]{2}){31})\r?$/im),
    maxMessageSize: /^a=max-message-size:/m.test(sdp)
      ? Number(attribute(/^a=max-message-size:(\d+)\r?$/m))
      : DEFAULT_MAX_MESSAGE_SIZE,
    implementation: parseRemoteImplementation(sdp),
  }
}

const CANDIDATE =
  /^(?:a=)?candidate:[\w+/]{1,32} \d{1,3} (?:udp|tcp) \d{1,10} ([\w.:-]{1,253}) (\d{1,5}) typ (?:host|srflx|prflx|relay)(?: .*)?$/i

export function formatCandidate(address: string, port: number): IceCandidate {
  return { media: '0', index: 0, name: `candidate:1 1 UDP 2122317823 ${address} ${port} typ host` }
}

/**
 * Where a candidate leads, as `address port`.
 * @throws MultiplayerError `ERR_INVALID_DATA` for a malformed one.
 */
export function parseCandidate(name: string): string {
  const match = typeof name === 'string' ? CANDIDATE.exec(name) : null
  const port = Number(match?.[2])
  if (match === null || port < 1 || port > 65535) {
    throw malformed('This is not an ICE candidate; pass on what iceCandidateCreated$ gave as it is.', name)
  }
  return `${match[1]} ${port}`
}

function malformed(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_DATA', message, { value })
}
