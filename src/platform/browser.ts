export { BrowserPeerConnection as WebRTCPeerConnection } from '../transport/browser/browser-peer-connection.ts'
