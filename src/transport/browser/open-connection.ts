import { MultiplayerError } from '../../multiplayer-error.ts'
import type { PeerConnectionConfiguration } from '../peer-connection.ts'
import type { StandardPeerConnection } from './standard-webrtc.ts'

type Constructor = new (configuration?: object) => StandardPeerConnection

/** What this looks for in the global scope. */
interface Surroundings {
  readonly RTCPeerConnection?: Constructor
  readonly isSecureContext?: boolean
  readonly WorkerGlobalScope?: unknown
}

/**
 * Makes an `RTCPeerConnection`.
 *
 * @throws MultiplayerError `ERR_UNAVAILABLE` if there is no WebRTC or it makes no connection at all, `ERR_INVALID_PARAMETER` if it refuses this
 * configuration, with the entry of `iceServers` that is at fault.
 */
export function openConnection(configuration: PeerConnectionConfiguration): StandardPeerConnection {
  const { RTCPeerConnection, libdatachannel: _, ...standard } = configuration
  const surroundings = globalThis as Surroundings
  const Connection = (RTCPeerConnection as Constructor | undefined) ?? surroundings.RTCPeerConnection
  if (typeof Connection !== 'function') throw new MultiplayerError('ERR_UNAVAILABLE', whyNoWebRTC(surroundings))
  try {
    return new Connection(standard)
  } catch (cause) {
    throw refusal(Connection, standard, cause)
  }
}

function whyNoWebRTC({ isSecureContext, WorkerGlobalScope }: Surroundings): string {
  if (WorkerGlobalScope !== undefined) {
    return 'There is no WebRTC in a worker; make connections in the page.'
  }
  if (isSecureContext === false) {
    return 'WebRTC needs a secure context: serve this page over https, or from localhost.'
  }
  return 'There is no RTCPeerConnection here, or it is switched off; pass an implementation: new WebRTCPeerConnection({ RTCPeerConnection }).'
}

/** What a browser says of something that it refuses, to be put into a sentence. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).trim().replace(/\.+$/, '')
}

/** Finds out what the constructor does not like, by trying parts of the configuration. */
function refusal(
  Connection: Constructor,
  configuration: PeerConnectionConfiguration,
  cause: unknown,
): MultiplayerError {
  const reason = reasonOf(cause)
  const accepts = (part: PeerConnectionConfiguration): boolean => {
    try {
      new Connection(part).close()
      return true
    } catch {
      return false
    }
  }
  if (!accepts({})) {
    return new MultiplayerError(
      'ERR_UNAVAILABLE',
      `No RTCPeerConnection can be made: ${reason}. Close connections; a page may have a few hundred.`,
      { cause },
    )
  }
  const { iceServers } = configuration
  const culprit = Array.isArray(iceServers) ? iceServers.findIndex((server) => !accepts({ iceServers: [server] })) : -1
  return new MultiplayerError(
    'ERR_INVALID_PARAMETER',
    culprit < 0
      ? `The configuration is refused: ${reason}.`
      : `iceServers[${culprit}] is refused: ${reason}. Write { urls: 'turn:host:port', username, credential } or { urls: 'stun:host:port' }.`,
    { cause, value: culprit < 0 ? configuration : iceServers?.[culprit] },
  )
}
