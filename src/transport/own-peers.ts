import type { RemoteImplementation } from './peer-connection.ts'

/** Version of the extensions that this library announces. */
const VERSION = 1

/** Extensions that this library announces to others of its kind; none so far. */
const FEATURES: readonly string[] = []

const LINE = /^a=x-webrtc-multiplayer:(\d{1,6})((?: [\w.-]{1,64}){0,32}) *\r?$/m

/**
 * Adds the session-level line by which peers of this library know each other. Godot, Chromium and Firefox ignore unknown lines.
 */
export function announceOurselves(sdp: string, features = FEATURES): string {
  const line = [`a=x-webrtc-multiplayer:${VERSION}`, ...features].join(' ')
  return sdp.replace(/^m=/m, `${line}\r\nm=`)
}

/** Reads the line from the raw text of a remote description: browsers drop it from `remoteDescription`. */
export function parseRemoteImplementation(sdp: string): RemoteImplementation | null {
  const match = LINE.exec(sdp)
  if (match === null) return null
  return { version: Number(match[1]), features: (match[2] ?? '').split(' ').filter((feature) => feature !== '') }
}
