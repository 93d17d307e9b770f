import { isIP } from 'node:net'
import type { IceServer as NativeIceServer } from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { IceServer } from '../peer-connection.ts'

/** RFC 7064, RFC 7065. */
const DEFAULT_PORT = 3478

const URL_FORM = /^(stuns?|turns?):(\[[^\]]+\]|[^:?[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i

/**
 * Translates W3C ICE servers into the object form of node-datachannel. Its URL form is not used, because it refuses IPv6 hosts and silently fails
 * with a `:` in the TURN user name.
 *
 * The ICE library underneath (libjuice) speaks STUN and TURN over UDP only; `stuns:`, `turns:` and `?transport=tcp` are left out, as browsers'
 * configurations commonly list all variants of one server. If nothing usable remains of a list, that is an error.
 * Of what remains libjuice uses one STUN and at most two TURN servers, picked at random.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` naming the entry.
 */
export function toNativeIceServers(servers: readonly IceServer[]): NativeIceServer[] {
  if (!Array.isArray(servers))
    throw invalid('iceServers must be an array of { urls, username?, credential? }.', servers)
  const usable = (servers as readonly unknown[]).flatMap((server, index) => toNative(server, index))
  if (usable.length === 0 && servers.length > 0) {
    throw invalid(
      'None of the iceServers can be used in Node: only stun: and turn: over UDP work here, not TCP or TLS. Add a stun: or turn: URL.',
      servers,
    )
  }
  return usable
}

function toNative(entry: unknown, index: number): NativeIceServer[] {
  const server = (typeof entry === 'object' ? entry : null) as Partial<IceServer> | null
  const urls = server?.urls
  const list: readonly unknown[] = typeof urls === 'string' ? [urls] : Array.isArray(urls) ? urls : []
  if (list.length === 0) {
    throw invalid(
      `iceServers[${index}].urls must be a string or an array of strings, e.g. 'stun:stun.example.org:3478'.`,
      server,
    )
  }
  return list.flatMap((url) => parse(url, server ?? {}, index))
}

function parse(url: unknown, server: Partial<IceServer>, index: number): NativeIceServer[] {
  const [, scheme, bracketed, port, transport] = (typeof url === 'string' && URL_FORM.exec(url.trim())) || []
  if (scheme === undefined || bracketed === undefined) {
    throw invalid(
      `iceServers[${index}]: '${String(url)}' is no ICE server URL; write stun:host[:port] or turn:host[:port][?transport=udp].`,
      url,
    )
  }
  const hostname = bracketed.replace(/^\[|\]$/g, '')
  const isHost = bracketed.startsWith('[') ? isIP(hostname) === 6 : isIP(hostname) === 4 || HOST_NAME.test(hostname)
  if (!isHost) {
    throw invalid(
      `iceServers[${index}]: '${hostname}' is neither a host name nor an IP address; IPv6 goes in brackets.`,
      url,
    )
  }
  const portNumber = port === undefined ? DEFAULT_PORT : Number(port)
  if (portNumber < 1 || portNumber > 65535)
    throw invalid(`iceServers[${index}]: port ${portNumber} is not from 1 to 65535.`, url)
  const isTurn = /^turns?$/i.test(scheme)
  if (isTurn && (typeof server.username !== 'string' || typeof server.credential !== 'string')) {
    throw invalid(`iceServers[${index}]: the TURN server '${hostname}' needs username and credential.`, url)
  }
  if (/s$/i.test(scheme) || transport?.toLowerCase() === 'tcp') return []
  if (!isTurn) return [{ hostname, port: portNumber }]
  return [
    {
      hostname,
      port: portNumber,
      username: server.username as string,
      password: server.credential as string,
      relayType: 'TurnUdp',
    },
  ]
}

function invalid(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value })
}
