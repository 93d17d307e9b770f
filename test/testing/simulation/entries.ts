import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import type { HistoryEntry, HistoryLayer, NewEntry } from '../../../src/testing/index.ts'

/** Options of {@link Story}. */
export interface PacketOptions {
  readonly mode?: TransferMode
  readonly channel?: number
  readonly connection?: number
  readonly layer?: HistoryLayer
}

/** A history written by hand: each line is one millisecond later than the one before. Whoever has id 2 is called `p2`. */
export class Story {
  readonly entries: HistoryEntry[] = []
  #now = 0

  wait(milliseconds: number): this {
    this.#now += milliseconds
    return this
  }

  add(entry: NewEntry): this {
    this.entries.push({ at: this.#now++, ...entry })
    return this
  }

  status(self: number, status = ConnectionStatus.CONNECTED, layer: HistoryLayer = 'mesh', peers: number[] = []): this {
    return this.add({ kind: 'status', ...own(self, layer), status, topology: 'mesh', peers })
  }

  /** The connection has a number for each side, made of both ids, unless one is given. */
  connected(self: number, peer: number, { layer = 'mesh', connection = self * 10 + peer }: PacketOptions = {}): this {
    return this.add({ kind: 'connected', ...own(self, layer), peer, connection })
  }

  disconnected(
    self: number,
    peer: number,
    { layer = 'mesh', connection = self * 10 + peer }: PacketOptions = {},
  ): this {
    return this.add({ kind: 'disconnected', ...own(self, layer), peer, connection })
  }

  /** Both know each other. */
  pair(a: number, b: number, options: PacketOptions = {}): this {
    return this.connected(a, b, options).connected(b, a, options)
  }

  sent(self: number, to: number, packet: string, options: PacketOptions = {}): this {
    const { mode = TransferMode.RELIABLE, channel = 0, connection = self * 10 + to, layer = 'mesh' } = options
    return this.add({ kind: 'send', ...own(self, layer), to, packet, mode, channel, connection })
  }

  got(self: number, from: number, packet: string, options: PacketOptions = {}): this {
    const { mode = TransferMode.RELIABLE, channel = 0, connection = self * 10 + from, layer = 'mesh' } = options
    return this.add({ kind: 'deliver', ...own(self, layer), from, packet, mode, channel, connection })
  }

  healed(...expected: string[]): this {
    return this.add({ kind: 'healed', ...(expected.length > 0 && { expected }) })
  }
}

/** Peers 1 and 2, connected. */
export function pairStory(layer: HistoryLayer = 'mesh'): Story {
  const { CONNECTED } = ConnectionStatus
  return new Story().status(1, CONNECTED, layer).status(2, CONNECTED, layer).pair(1, 2, { layer })
}

function own(self: number, layer: HistoryLayer): { on: string; layer: HistoryLayer; self: number } {
  return { on: `p${self}`, layer, self }
}
