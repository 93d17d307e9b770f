import { Subscription } from 'rxjs'
import { isMesh, type WatchedAPI } from './inspectable.ts'
import { MeshWatch } from './mesh-watch.ts'
import type { Scope } from './scope.ts'
import type { Watch, WatchHost } from './watch-host.ts'

/** A `MultiplayerAPI`: the mesh of its peer, whichever that is, and the authentications. */
export class ApiWatch implements Watch {
  readonly #host: WatchHost
  readonly #api: WatchedAPI
  readonly #scope: Scope
  readonly #packets: boolean | 'content'
  #subscription: Subscription | undefined
  #mesh: MeshWatch | undefined

  constructor(host: WatchHost, api: WatchedAPI, scope: Scope, packets: boolean | 'content') {
    this.#host = host
    this.#api = api
    this.#scope = scope
    this.#packets = packets
  }

  get isOver(): boolean {
    let isOver = false
    this.#api.multiplayerPeers$.subscribe({ complete: () => (isOver = true) }).unsubscribe()
    return isOver
  }

  open(): void {
    const { group, uniqueId } = this.#scope
    const authentications: Scope = { group: () => group() ?? this.#groupOfMesh(), uniqueId }
    this.#subscription = new Subscription(() => {
      this.#host.recorder.detach(authentications)
    })
    this.#subscription.add(
      this.#api.multiplayerPeers$.subscribe((peer) => {
        this.#mesh?.close()
        this.#mesh = undefined
        if (peer === null || !isMesh(peer)) return
        this.#mesh = new MeshWatch(this.#host, peer, this.#scope, this.#packets)
        this.#mesh.open()
      }),
    )
    this.#subscription.add(
      this.#api.authentications$.subscribe((actor) => {
        this.#host.recorder.attach(actor, authentications)
      }),
    )
  }

  close(): void {
    this.#subscription?.unsubscribe()
    this.#mesh?.close()
    this.#mesh = undefined
  }

  end(): void {
    this.close()
  }

  /** That of a lobby perhaps, which is watched too. */
  #groupOfMesh(): string | null {
    const { multiplayerPeer: peer } = this.#api
    return peer !== null && isMesh(peer) ? this.#host.recorder.groupOf(peer.actor) : null
  }
}
