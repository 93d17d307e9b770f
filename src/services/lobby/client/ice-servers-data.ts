import type { IceServersData } from '../../../protocol/lobby/extension.ts'
import type { IceServer } from '../../../transport/peer-connection.ts'

/** Reads ICE servers with their life, as WELCOME and ICE_SERVERS carry them; null if there is no list. What is no server is left out. */
export function readIceServersData(value: unknown): IceServersData | null {
  if (typeof value !== 'object' || value === null) return null
  const { iceServers, expiresIn } = value as Record<string, unknown>
  if (!Array.isArray(iceServers)) return null
  const servers = iceServers.filter(isIceServer)
  return typeof expiresIn === 'number' && expiresIn > 0 ? { iceServers: servers, expiresIn } : { iceServers: servers }
}

/** Whether it has the form of W3C's `RTCIceServer`. */
export function isIceServer(value: unknown): value is IceServer {
  if (typeof value !== 'object' || value === null) return false
  const { urls, username, credential } = value as Record<string, unknown>
  const isText = (text: unknown): boolean => typeof text === 'string'
  const isOptionalText = (text: unknown): boolean => text === undefined || isText(text)
  const areUrls = isText(urls) || (Array.isArray(urls) && urls.every(isText))
  return areUrls && isOptionalText(username) && isOptionalText(credential)
}
