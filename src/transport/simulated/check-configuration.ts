import { MultiplayerError } from '../../multiplayer-error.ts'
import type { PeerConnectionConfiguration } from '../peer-connection.ts'

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a configuration that no transport would take. */
export function checkConfiguration({ iceServers = [], iceTransportPolicy = 'all' }: PeerConnectionConfiguration): void {
  if (iceTransportPolicy !== 'all' && iceTransportPolicy !== 'relay') {
    throw invalid(`iceTransportPolicy is 'all' or 'relay'.`, iceTransportPolicy)
  }
  if (!Array.isArray(iceServers)) throw invalid('iceServers is an array of { urls, username?, credential? }.', iceServers)
  for (const server of iceServers as NonNullable<PeerConnectionConfiguration['iceServers']>) {
    const urls: unknown[] = typeof server.urls === 'string' ? [server.urls] : Array.isArray(server.urls) ? [...server.urls] : [null]
    if (!urls.every((url) => typeof url === 'string' && /^(?:stun|turn)s?:\S+$/.test(url))) {
      throw invalid(`urls of an ICE server are strings such as 'stun:stun.example.org:3478'.`, server)
    }
  }
}

function invalid(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value })
}
