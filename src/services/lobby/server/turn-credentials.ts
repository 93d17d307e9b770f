import { createHmac } from 'node:crypto'
import { checkWhole, invalid } from '../../../checks.ts'
import type { IceServersData } from '../../../protocol/lobby/extension.ts'
import type { IceServer } from '../../../transport/peer-connection.ts'

/** TURN (and STUN) servers for the clients of a lobby server. */
export interface TurnOptions {
  /** coturn's `static-auth-secret` (with `use-auth-secret`). Not needed if there are STUN servers only. */
  readonly secret?: string
  /** `turn:host[:port][?transport=udp|tcp]`, `turns:...`; those that begin with `stun:` are handed out without credentials. */
  readonly urls: readonly string[]
  /**
   * Milliseconds that credentials are good for. Default 24 hours. coturn looks at it again whenever a relay is refreshed and then ends relays whose credential has expired: it
   * has to cover the longest session, not the time to connect.
   */
  readonly ttl?: number
}

const DEFAULT_TTL = 24 * 60 * 60 * 1000

/** @throws MultiplayerError `ERR_INVALID_PARAMETER`. */
export function checkTurnOptions({ secret, urls, ttl = DEFAULT_TTL }: TurnOptions): void {
  const isNeeded = secret !== undefined || urls.some(isRelay)
  if (isNeeded && (typeof secret !== 'string' || secret === '')) {
    throw invalid("turn.secret is coturn's static-auth-secret; it must not be empty.", typeof secret)
  }
  checkWhole('turn.ttl, in milliseconds,', ttl, 1000, 0x7fffffff)
  for (const url of urls) {
    if (!/^(?:turns?|stuns?):[^\s]+$/.test(url)) {
      throw invalid('turn.urls are of the form turn:host:port, turns:host:port or stun:host:port.', url)
    }
  }
}

/** Those of the servers that need no credentials. */
export function stunServers({ urls }: TurnOptions): IceServer[] {
  const others = urls.filter((url) => !isRelay(url))
  return others.length === 0 ? [] : [{ urls: others }]
}

/**
 * All servers, with credentials for coturn's REST API (`use-auth-secret`): the user name is `<unix time of expiry>:<identity>`, the credential the base64 of its HMAC-SHA1 under the shared
 * secret, which is never handed out itself.
 *
 * @param identity - who gets them; coturn's log and quotas show it.
 * @param now - milliseconds since the epoch.
 */
export function turnCredentials(
  { secret, urls, ttl = DEFAULT_TTL }: TurnOptions,
  identity: string | null,
  now = Date.now(),
): IceServersData {
  const iceServers = stunServers({ urls })
  const relays = urls.filter(isRelay)
  // What has no credentials does not expire.
  if (relays.length === 0 || secret === undefined) return { iceServers }
  const username = `${Math.floor((now + ttl) / 1000)}:${identity ?? 'anonymous'}`
  // SHA-1 is what coturn computes; as an HMAC it is sound.
  const credential = createHmac('sha1', secret).update(username).digest('base64')
  iceServers.push({ urls: relays, username, credential })
  return { iceServers, expiresIn: ttl }
}

function isRelay(url: string): boolean {
  return url.startsWith('turn')
}
