import type { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MeshModelPeer } from '../../../src/testing/models/mesh-model-types.ts'
import { assertEqual } from '../../../src/testing/transport-acceptance/assertions.ts'
import { ChannelState } from '../../../src/transport/states.ts'
import type { Life } from './life.ts'
import type { ModelWorld } from './model-world.ts'

/** Sees the gates of a mesh by packets that the other ends send: of an announced peer they arrive, of one that waits they wait, of one that is gone none comes. */
export class PacketProbe {
  readonly #received = new Map<number, number[]>()
  readonly #due = new Map<number, number[]>()
  /** What was sent by lives that were not announced, since. */
  readonly #held = new Map<Life, number[]>()
  readonly #announced = new Set<number>()
  readonly #strangers: number[] = []
  #sent = 0

  constructor(mesh: WebRTCMultiplayerPeer) {
    mesh.peerConnected$.subscribe((id) => this.#announced.add(id))
    mesh.peerDisconnected$.subscribe((id) => this.#announced.delete(id))
    mesh.packets$.subscribe(({ peer, data }) => {
      if (!this.#announced.has(peer)) this.#strangers.push(peer)
      push(this.#received, peer, data[0])
    })
  }

  async check(
    peers: readonly MeshModelPeer[],
    lives: ReadonlyMap<number, Life>,
    { until }: Pick<ModelWorld, 'until'>,
  ): Promise<void> {
    for (const { id, stage } of peers) {
      const life = lives.get(id)
      const [channel] = life?.remoteChannels ?? []
      if (!life || channel?.readyState !== ChannelState.OPEN) continue
      if (stage !== 'waiting') for (const held of this.#takeHeld(life)) push(this.#due, id, held)
      const number = this.#sent++ % 256
      channel.send(Uint8Array.of(number))
      if (stage === 'waiting') push(this.#held, life, number)
      else push(this.#due, id, number)
    }
    await until(() => [...this.#due].every(([id, due]) => (this.#received.get(id)?.length ?? 0) >= due.length))
    assertEqual(this.#strangers, [], 'from whom packets came that were not announced')
    assertEqual([...this.#received].sort(byId), [...this.#due].sort(byId), 'the packets that came')
  }

  #takeHeld(life: Life): number[] {
    const held = this.#held.get(life) ?? []
    this.#held.delete(life)
    return held
  }
}

const byId = ([a]: [number, unknown], [b]: [number, unknown]): number => a - b

function push<Key>(lists: Map<Key, number[]>, key: Key, number: number | undefined): void {
  const list = lists.get(key)
  if (number === undefined) return
  if (list) list.push(number)
  else lists.set(key, [number])
}
