/** What the forwarding loops know of a packet: four bytes in front of it, the target on the way to the server (0: everyone else), the source on the way from it. */
const HEADER = 4

export function withHeader(peer, payload) {
  const packet = new Uint8Array(HEADER + payload.byteLength)
  writePeer(packet, peer)
  packet.set(payload, HEADER)
  return packet
}

export function readPeer(packet) {
  return packet[0] | (packet[1] << 8) | (packet[2] << 16) | (packet[3] << 24)
}

export function writePeer(packet, peer) {
  packet[0] = peer
  packet[1] = peer >> 8
  packet[2] = peer >> 16
  packet[3] = peer >> 24
}

export function payloadOf(packet) {
  return packet.subarray(HEADER)
}
