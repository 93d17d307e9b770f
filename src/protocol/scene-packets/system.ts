import { checkWhole } from '../../checks.ts'
import type { ByteReader } from '../variant/byte-reader.ts'
import { invalidData } from '../variant/byte-reader.ts'
import type { ByteWriter } from '../variant/byte-writer.ts'
import { COMMANDS, SYSTEM_COMMANDS } from './commands.ts'
import type { SystemPacket } from './packet.ts'
import { writeContent } from './packet-checks.ts'

/** Ids of peers as targets: negative ones leave a peer out. */
const MAX_TARGET = 0x7fffffff

export function decodeSystem(bytes: ByteReader): SystemPacket {
  bytes.need(2)
  bytes.u8()
  const command = bytes.u8()
  if (command === SYSTEM_COMMANDS.AUTH) return { kind: 'auth', bytes: bytes.take(bytes.remaining) }
  bytes.need(4)
  const peer = bytes.i32()
  switch (command) {
    case SYSTEM_COMMANDS.ADD_PEER:
      return { kind: 'add-peer', peer }
    case SYSTEM_COMMANDS.DEL_PEER:
      return { kind: 'del-peer', peer }
    case SYSTEM_COMMANDS.RELAY:
      bytes.need(1)
      return { kind: 'relay', peer, packet: bytes.take(bytes.remaining) }
    default:
      throw invalidData(`There is no system command ${command}.`)
  }
}

export function encodeSystem(bytes: ByteWriter, packet: SystemPacket): void {
  bytes.u8(COMMANDS.SYS)
  switch (packet.kind) {
    case 'auth':
      bytes.u8(SYSTEM_COMMANDS.AUTH)
      bytes.raw(packet.bytes)
      return
    case 'add-peer':
    case 'del-peer':
      bytes.u8(packet.kind === 'add-peer' ? SYSTEM_COMMANDS.ADD_PEER : SYSTEM_COMMANDS.DEL_PEER)
      writePeer(bytes, packet.peer)
      return
    case 'relay':
      bytes.u8(SYSTEM_COMMANDS.RELAY)
      writePeer(bytes, packet.peer)
      writeContent(bytes, packet.kind, packet.packet, 1)
  }
}

function writePeer(bytes: ByteWriter, peer: number): void {
  checkWhole('The id of a peer', peer, -MAX_TARGET, MAX_TARGET)
  bytes.i32(peer)
}
