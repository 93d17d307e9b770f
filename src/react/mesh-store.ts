import type { WebRTCMultiplayerPeer } from '../services/multiplayer-peer/multiplayer-peer.ts'
import { type MeshState, NO_MESH, stateOf } from './mesh-state.ts'

/** Makes or joins a mesh of the caller's own. The signal aborts when that is no longer wanted. */
export type JoinMesh = (signal: AbortSignal) => WebRTCMultiplayerPeer | Promise<WebRTCMultiplayerPeer>

/** The mesh of one component, in the form that `useSyncExternalStore` reads. */
export class MeshStore {
  readonly #listeners = new Set<() => void>()
  #state = NO_MESH

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  readonly getState = (): MeshState => this.#state

  /** Joins a mesh and shows it. The function that it returns leaves that mesh again, joined by then or not. */
  join(join: JoinMesh): () => void {
    const leaving = new AbortController()
    const joined = this.#enter(join, leaving.signal)
    return () => {
      leaving.abort()
      this.#show(NO_MESH)
      // Also closes a mesh that comes only now.
      void joined.then((mesh) => mesh && endMesh(mesh))
    }
  }

  async #enter(join: JoinMesh, signal: AbortSignal): Promise<WebRTCMultiplayerPeer | null> {
    try {
      const mesh = await join(signal)
      if (!signal.aborted) this.#watch(mesh, signal)
      return mesh
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason), { cause: reason })
      if (!signal.aborted) this.#show({ ...NO_MESH, error })
      return null
    }
  }

  #watch(mesh: WebRTCMultiplayerPeer, signal: AbortSignal): void {
    const update = (): void => {
      if (!signal.aborted) this.#show(stateOf(mesh, this.#state))
    }
    const subscriptions = [
      mesh.connectionStatus$.subscribe(update),
      // Of the peers the actor tells: its snapshot has them also where nobody hears of one by one, as when a mesh is closed.
      mesh.actor.subscribe({ next: update, complete: update, error: update }),
    ]
    signal.addEventListener('abort', () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
    })
    // A mesh that has ended before emits nothing any more.
    update()
  }

  #show(state: MeshState): void {
    if (state === this.#state) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

/** For good, where there is the symbol for it; it may have been added only after the mesh's class was made. */
function endMesh(mesh: WebRTCMultiplayerPeer): Promise<void> {
  const { [Symbol.asyncDispose]: end } = mesh as { [Symbol.asyncDispose]?: () => PromiseLike<void> }
  return end ? Promise.resolve(end.call(mesh)) : mesh.close()
}
