/**
 * The transport of browsers by name, for wherever another implementation of W3C WebRTC is used: Electron, React Native, a library for Node.
 *
 * @packageDocumentation
 */
import { BrowserPeerConnection as OverStandardWebRTC } from './transport/browser/browser-peer-connection.ts'
import type { PeerConnectionConstructor, WebRTCPeerConnection } from './transport/peer-connection.ts'

/** A {@link WebRTCPeerConnection} over a W3C `RTCPeerConnection`. In a page it is what `webrtc-multiplayer` exports as `WebRTCPeerConnection`. */
export type BrowserPeerConnection = WebRTCPeerConnection
/**
 * Makes connections over a W3C `RTCPeerConnection`: that of the configuration, or else the global one.
 *
 * @example
 * ```ts
 * import { BrowserPeerConnection } from 'webrtc-multiplayer/browser'
 * import wrtc from '@roamhq/wrtc'
 *
 * const connection = new BrowserPeerConnection({ RTCPeerConnection: wrtc.RTCPeerConnection })
 * connection.close()
 * ```
 */
export const BrowserPeerConnection: PeerConnectionConstructor = OverStandardWebRTC

export type { StandardPeerConnectionConstructor } from './transport/browser/standard-webrtc.ts'
export type { PeerConnectionConfiguration, PeerConnectionConstructor } from './transport/peer-connection.ts'
