import { Subject } from 'rxjs'
import { ConnectionStatus } from '../../../../src/machines/mesh-types.ts'
import type { ScenePacket } from '../../../../src/protocol/scene-packets/packet.ts'
import { decodeScenePacket, encodeScenePacket } from '../../../../src/protocol/scene-packets/scene-packets.ts'
import type { GodotVersion } from '../../../../src/protocol/variant/godot-version.ts'
import { RpcEndpoint } from '../../../../src/services/multiplayer-api/rpc/rpc-endpoint.ts'
import type { RpcOptions } from '../../../../src/services/multiplayer-api/rpc/rpc-options.ts'
import type { RpcPort, RpcSendOptions } from '../../../../src/services/multiplayer-api/rpc-port.ts'
import { TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'
import { toHex } from '../../../protocol/variant/vectors.ts'

/** A packet as an endpoint has sent it. */
export interface SentPacket extends RpcSendOptions {
  readonly hex: string
}

/** What the multiplayer API would be to an endpoint. Packets are encoded and decoded, as on a wire. */
export class FakePort implements RpcPort {
  readonly peers = new Set<number>()
  readonly peerConnected$ = new Subject<number>()
  readonly peerDisconnected$ = new Subject<number>()
  readonly violations: string[] = []
  readonly sent: SentPacket[] = []
  uniqueId: number
  connectionStatus = ConnectionStatus.CONNECTED
  readonly version: GodotVersion
  readonly #deliver: (to: number, bytes: Uint8Array) => void

  constructor(uniqueId: number, version: GodotVersion, deliver: (to: number, bytes: Uint8Array) => void) {
    this.uniqueId = uniqueId
    this.version = version
    this.#deliver = deliver
  }

  send(packet: ScenePacket, options: RpcSendOptions): void {
    if (!this.peers.has(options.to)) throw new Error(`${options.to} is not there`)
    const bytes = encodeScenePacket(packet, this.version)
    this.sent.push({ hex: toHex(bytes), ...options })
    this.#deliver(options.to, bytes)
  }

  violation(peer: number, kind: string): void {
    this.violations.push(`${peer} ${kind}`)
  }

  connect(peer: number): void {
    this.peers.add(peer)
    this.peerConnected$.next(peer)
  }

  disconnect(peer: number): void {
    this.peers.delete(peer)
    this.peerDisconnected$.next(peer)
  }

  /** What was sent since it was last asked, as `hex` or, with a mode or channel that is not the usual one, `hex mode/channel`; after the peer that it was for. */
  takeSent(): string[] {
    return this.sent.splice(0).map(({ to, hex, mode, channel }) => {
      const how = mode === TransferMode.RELIABLE && channel === 0 ? '' : ` ${TransferMode[mode]}/${channel}`
      return `${to}: ${hex}${how}`
    })
  }
}

/** What went to the logger. */
export class Log {
  readonly lines: string[] = []

  warn(message: string): void {
    this.lines.push(`warn ${message}`)
  }

  error(message: string): void {
    this.lines.push(`error ${message}`)
  }
}

export interface RpcPeer {
  readonly port: FakePort
  readonly endpoint: RpcEndpoint
  readonly log: Log
}

/** Endpoints of some peers, joined without any network. Packets arrive when {@link settle} is called, in order. */
export class RpcNet {
  readonly clock = new VirtualClock()
  readonly #peers = new Map<number, RpcPeer>()
  readonly #queue: { from: number; to: number; bytes: Uint8Array }[] = []
  readonly #version: GodotVersion

  constructor(version: GodotVersion = '4.4') {
    this.#version = version
  }

  peer(id: number): RpcPeer {
    const peer = this.#peers.get(id)
    if (peer === undefined) throw new Error(`There is no peer ${id}.`)
    return peer
  }

  add(id: number, options: RpcOptions = {}): RpcPeer {
    const port = new FakePort(id, this.#version, (to, bytes) => this.#queue.push({ from: id, to, bytes }))
    const log = new Log()
    const endpoint = new RpcEndpoint(port, { clock: this.clock, logger: log, ...options })
    const peer = { port, endpoint, log }
    this.#peers.set(id, peer)
    return peer
  }

  /** Makes everybody know each other. */
  connectAll(): void {
    const ids = [...this.#peers.keys()]
    for (const a of ids) for (const b of ids) if (a < b) this.connect(a, b)
  }

  connect(a: number, b: number): void {
    this.peer(a).port.connect(b)
    this.peer(b).port.connect(a)
  }

  disconnect(a: number, b: number): void {
    this.peer(a).port.disconnect(b)
    this.peer(b).port.disconnect(a)
  }

  /** Gives a packet to an endpoint as if another peer had sent it. */
  inject(to: number, from: number, bytes: Uint8Array): void {
    this.peer(to).endpoint.receive(from, decodeScenePacket(bytes, this.#version))
  }

  /** Delivers what was sent, and what is sent in answer to it, until nothing is left. */
  async settle(): Promise<void> {
    do {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.inject(next.to, next.from, next.bytes)
      }
      await this.clock.run(0)
    } while (this.#queue.length > 0)
  }

  /** Loses what is under way. */
  loseAll(): void {
    this.#queue.length = 0
  }
}
