import { encodeScenePacket } from '../../../../src/protocol/scene-packets/scene-packets.ts'
import type { ScenePacket } from '../../../../src/protocol/scene-packets/packet.ts'
import { TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { fromHex, toHex } from '../../../protocol/variant/vectors.ts'
import type { ApiWorld } from './api-world.ts'

/** A client without an API, that sends what it likes and notes what it gets. */
export class HostilePeer {
  readonly id: number
  readonly got: string[] = []
  readonly #world: ApiWorld

  constructor(world: ApiWorld, id: number) {
    this.#world = world
    this.id = id
    const { api, mesh } = world.add(id)
    api.multiplayerPeer = null
    mesh.packets$.subscribe(({ data }) => this.got.push(toHex(data)))
  }

  connect(): void {
    this.#world.join(1, this.id)
  }

  send(packet: ScenePacket | string | Uint8Array, to = 1): void {
    const bytes =
      typeof packet === 'string' ? fromHex(packet) : packet instanceof Uint8Array ? packet : encodeScenePacket(packet)
    this.#world.member(this.id).mesh.send(bytes, { to, mode: TransferMode.RELIABLE })
  }
}
