import { MultiplayerError } from '../../multiplayer-error.ts'
import type { SessionDescriptionType } from '../peer-connection.ts'
import { MAX_SDP_LENGTH } from '../remote-limits.ts'

const REQUIRED: readonly [RegExp, string][] = [
  [/^v=0\r?\n/, 'it does not begin with v=0'],
  [/^m=application \d+ \S+ webrtc-datachannel\r?$/m, 'it has no data channel section'],
  [/^a=ice-ufrag:\S+\r?$/m, 'it has no a=ice-ufrag'],
  [/^a=ice-pwd:\S+\r?$/m, 'it has no a=ice-pwd'],
  [/^a=fingerprint:\S+ \S+\r?$/m, 'it has no a=fingerprint'],
]

/** The certificate's fingerprint of a checked description, which no two connections share. */
export function fingerprintOf(sdp: string): string {
  return /^a=fingerprint:(.*\S)/m.exec(sdp)?.[1]?.toUpperCase() ?? ''
}

/** A remote description, taken apart. */
export interface RemoteDescription {
  /** Without its candidates. */
  readonly sdp: string
  /** The candidates that it carried, in order. */
  readonly candidates: readonly string[]
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER`: the native library takes any word for a type. */
export function checkDescriptionType(type: unknown): asserts type is SessionDescriptionType {
  if (type !== 'offer' && type !== 'answer') {
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      `A session description is an 'offer' or an 'answer', not '${String(type)}'.`,
      { value: type },
    )
  }
}

/**
 * Checks a remote description and takes its candidates out, to be added once the description is applied: if ICE completes while the native
 * library is still applying a description, it kills the connection ("Got a remote candidate without ICE transport").
 *
 * @throws MultiplayerError `ERR_INVALID_DATA`
 */
export function readRemoteDescription(sdp: unknown): RemoteDescription {
  if (typeof sdp !== 'string') throw malformed('it is no string', sdp)
  if (sdp.length > MAX_SDP_LENGTH) throw malformed(`it is longer than ${MAX_SDP_LENGTH} characters`, sdp.length)
  if (sdp.includes('\0')) throw malformed('it contains NUL', sdp)
  for (const [form, complaint] of REQUIRED) {
    if (!form.test(sdp)) throw malformed(complaint, sdp)
  }
  const candidates: string[] = []
  const rest = sdp.split(/\r?\n/).filter((line) => {
    if (line.startsWith('a=candidate:')) candidates.push(line)
    return !line.startsWith('a=candidate:') && line !== 'a=end-of-candidates'
  })
  // Chromium refuses a last line without its end, which a copied text easily loses.
  return { sdp: rest.join('\r\n').replace(/\s*$/, '\r\n'), candidates }
}

function malformed(complaint: string, value: unknown): MultiplayerError {
  return new MultiplayerError(
    'ERR_INVALID_DATA',
    `The remote session description is refused: ${complaint}. Pass on what the other side's sessionDescriptionCreated$ gave.`,
    { value },
  )
}
