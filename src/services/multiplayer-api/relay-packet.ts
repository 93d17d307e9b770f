import { COMMANDS, COMMAND_MASK, SYSTEM_COMMANDS } from '../../protocol/scene-packets/commands.ts'

// What `decodeScenePacket` and `encodeScenePacket` say of relayed packets, without an object in between: a server does nothing else for most of what passes through it.

/** The two bytes of the command, and the peer. */
const HEADER = 6

export function isSystem(packet: Uint8Array): boolean {
  return ((packet[0] ?? 0) & COMMAND_MASK) === COMMANDS.SYS
}

/** Whether it is a relayed packet, with a packet of one byte or more inside. */
export function isRelay(packet: Uint8Array): boolean {
  return packet.byteLength > HEADER && isSystem(packet) && packet[1] === SYSTEM_COMMANDS.RELAY
}

/** The target or source of a relayed packet. */
export function relayPeer(packet: Uint8Array): number {
  return (
    (packet[2] as number) | ((packet[3] as number) << 8) | ((packet[4] as number) << 16) | ((packet[5] as number) << 24)
  )
}

/** The packet inside a relayed one, in the same memory. */
export function relayed(packet: Uint8Array): Uint8Array {
  return packet.subarray(HEADER)
}

/** The same relayed packet, from `source`. The original stays as it was: somebody else may read it. */
export function withSource(packet: Uint8Array, source: number): Uint8Array {
  const copy = new Uint8Array(packet)
  writePeer(copy, source)
  return copy
}

/** A packet on its way through the server, to `target`. */
export function relayTo(target: number, packet: Uint8Array): Uint8Array {
  const wrapped = new Uint8Array(HEADER + packet.byteLength)
  wrapped[0] = COMMANDS.SYS
  wrapped[1] = SYSTEM_COMMANDS.RELAY
  writePeer(wrapped, target)
  wrapped.set(packet, HEADER)
  return wrapped
}

function writePeer(packet: Uint8Array, peer: number): void {
  packet[2] = peer
  packet[3] = peer >> 8
  packet[4] = peer >> 16
  packet[5] = peer >> 24
}
