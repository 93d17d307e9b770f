import type { Subscription } from 'rxjs'
import { PacketTeller } from '../facts/packet-teller.ts'
import { ActorWatch } from './actor-watch.ts'
import type { WatchedMesh } from './inspectable.ts'
import type { Scope } from './scope.ts'
import type { Watch, WatchHost } from './watch-host.ts'

/** A mesh: its actor and those of its peers, its connections, and its packets if they were asked for. */
export class MeshWatch implements Watch {
  readonly #host: WatchHost
  readonly #mesh: WatchedMesh
  readonly #actor: ActorWatch
  readonly #packets: boolean | 'content'
  #subscription: Subscription | undefined

  constructor(host: WatchHost, mesh: WatchedMesh, scope: Scope, packets: boolean | 'content') {
    this.#host = host
    this.#mesh = mesh
    this.#actor = new ActorWatch(host, mesh.actor, scope)
    this.#packets = packets
  }

  get isOver(): boolean {
    return this.#actor.isOver
  }

  open(): void {
    const { teller, recorder, sampler, clock } = this.#host
    this.#actor.open()
    sampler.add(this.#mesh)
    if (this.#packets === false) return
    const packets = new PacketTeller(teller, recorder, clock, this.#mesh, this.#packets === 'content')
    this.#subscription = this.#mesh.passedPackets$?.subscribe((packet) => {
      packets.tell(packet)
    })
  }

  close(): void {
    this.#subscription?.unsubscribe()
    this.#host.sampler.remove(this.#mesh)
    this.#actor.close()
  }

  end(): void {
    this.close()
  }
}
