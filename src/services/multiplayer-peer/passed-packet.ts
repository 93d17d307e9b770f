import type { TransferMode } from './packet.ts'

/** A packet that a link has given to its channel or got from it, as whoever inspects a mesh sees it. */
export interface PassedPacket {
  readonly direction: 'sent' | 'received'
  readonly peer: number
  readonly channel: number
  readonly mode: TransferMode
  /** Not a copy: to be read at once, and never changed. */
  readonly data: Uint8Array
}
