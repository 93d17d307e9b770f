import { MultiplayerError } from '../../multiplayer-error.ts'
import type { PeerConnectionConfiguration } from '../peer-connection.ts'

const POLICIES: readonly unknown[] = ['all', 'relay']

/**
 * The simulated network has no use for ICE servers, but what other transports would refuse is refused here too.
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a configuration that no transport would take.
 */
export function checkConfiguration({ iceServers = [], iceTransportPolicy = 'all' }: PeerConnectionConfiguration): void {
  if (!POLICIES.includes(iceTransportPolicy))
    throw invalid(`iceTransportPolicy is 'all' or 'relay'.`, iceTransportPolicy)
  if (!Array.isArray(iceServers)) throw invalid('iceServers is a list of { urls, username?, credential? }.', iceServers)
  for (const server of iceServers as readonly { urls?: unknown }[]) {
    const urls: readonly unknown[] = Array.isArray(server.urls) ? (server.urls as unknown[]) : [server.urls]
    if (!urls.every((url) => typeof url === 'string' && /^(?:stun|turn)s?:\S+$/.test(url))) {
      throw invalid(`urls of an ICE server are strings such as 'stun:stun.example.org:3478'.`, server)
    }
  }
}

function invalid(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value })
}
