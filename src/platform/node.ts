export { NodePeerConnection as WebRTCPeerConnection } from '../transport/node/node-peer-connection.ts'
