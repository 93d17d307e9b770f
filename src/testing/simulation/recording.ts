import type { Subscription } from 'rxjs'
import type { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { Packet } from '../../services/multiplayer-peer/packet.ts'
import type { HistoryLayer, NewEntry } from './history-entry.ts'

/** What a recording needs of its history. */
export interface RecordingPort {
  add(entry: NewEntry): void
  label(data: Uint8Array): string
  /** A number for one more connection. */
  nextConnection(): number
}

/** One name of a history, from `record` to the end of what is recorded. */
export abstract class Recording {
  readonly name: string
  protected readonly port: RecordingPort
  readonly #layer: HistoryLayer
  readonly #subscriptions: Subscription[] = []
  /** Connections of the peers that were announced. */
  readonly #announced = new Map<number, number>()
  #isOver = false

  protected constructor(name: string, layer: HistoryLayer, port: RecordingPort) {
    this.name = name
    this.#layer = layer
    this.port = port
  }

  protected abstract get self(): number

  /** Ends the recording, as where the process of that name dies. Does nothing when it is over already. */
  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    this.port.add({ kind: 'end', ...this.#own() })
  }

  /** Adds the delivery of a packet that the application has read with `getPacket()`, which the recording does not see. */
  delivered({ peer, channel, mode, data }: Packet): void {
    const connection = this.#announced.get(peer) ?? this.connectionTo(peer)
    const packet = this.port.label(data)
    this.add({ kind: 'deliver', ...this.#own(), from: peer, channel, mode, packet, connection })
  }

  protected abstract connectionTo(peer: number): number

  protected watch(...subscriptions: Subscription[]): void {
    this.#subscriptions.push(...subscriptions)
  }

  protected status(status: ConnectionStatus, topology: 'mesh' | 'star', peers: readonly number[]): void {
    this.add({ kind: 'status', ...this.#own(), status, topology, peers })
  }

  protected connected(peer: number): void {
    const connection = this.connectionTo(peer)
    this.#announced.set(peer, connection)
    this.add({ kind: 'connected', ...this.#own(), peer, connection })
  }

  protected disconnected(peer: number): void {
    const connection = this.#announced.get(peer) ?? 0
    this.#announced.delete(peer)
    this.add({ kind: 'disconnected', ...this.#own(), peer, connection })
  }

  protected sent(
    { peer: to, channel, mode, data }: Packet,
    connection: number,
    call?: { readonly call: number; readonly target: number },
  ): void {
    const packet = this.port.label(data)
    this.add({ kind: 'send', ...this.#own(), to, channel, mode, packet, connection, ...call })
  }

  protected add(entry: NewEntry): void {
    if (!this.#isOver) this.port.add(entry)
  }

  #own(): { on: string; layer: HistoryLayer; self: number } {
    return { on: this.name, layer: this.#layer, self: this.self }
  }
}
