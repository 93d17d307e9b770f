import { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { HistoryEntry, HistoryLayer } from './history-entry.ts'

/** A peer that one name knows of. */
export interface Acquaintance {
  /** When it was announced. */
  readonly since: number
  readonly connection: number
}

/** What one name has said of itself and of others, up to an entry. */
export interface Present {
  readonly on: string
  readonly layer: HistoryLayer
  self: number
  status: ConnectionStatus
  topology: 'mesh' | 'star'
  /** When its present status began. */
  since: number
  readonly known: Map<number, Acquaintance>
}

/** Who is there and whom they know, as a history goes on. */
export class Presence {
  readonly #present = new Map<string, Present>()

  /** Everybody of a layer who is recorded at the moment. */
  of(layer: HistoryLayer): Present[] {
    return [...this.#present.values()].filter((present) => present.layer === layer)
  }

  get(layer: HistoryLayer, on: string): Present | undefined {
    return this.#present.get(keyOf(layer, on))
  }

  /** Takes one entry. @returns whether it has changed anything. */
  take(entry: HistoryEntry): boolean {
    switch (entry.kind) {
      case 'status':
        this.#status(entry)
        return true
      case 'connected':
        this.#open(entry).known.set(entry.peer, { since: entry.at, connection: entry.connection })
        return true
      case 'disconnected':
        return this.#open(entry).known.delete(entry.peer)
      case 'end':
        return this.#present.delete(keyOf(entry.layer, entry.on))
      default:
        return false
    }
  }

  #status(entry: Extract<HistoryEntry, { kind: 'status' }>): void {
    const present = this.#open(entry)
    present.self = entry.self
    present.status = entry.status
    present.topology = entry.topology
    present.since = entry.at
    if (entry.status !== ConnectionStatus.DISCONNECTED) return
    for (const id of [...present.known.keys()]) if (!entry.peers.includes(id)) present.known.delete(id)
  }

  #open({ on, layer, self, at }: { on: string; layer: HistoryLayer; self: number; at: number }): Present {
    const key = keyOf(layer, on)
    let present = this.#present.get(key)
    if (present === undefined) {
      present = { on, layer, self, status: ConnectionStatus.CONNECTED, topology: 'mesh', since: at, known: new Map() }
      this.#present.set(key, present)
    }
    return present
  }
}

function keyOf(layer: HistoryLayer, on: string): string {
  return `${layer} ${on}`
}
