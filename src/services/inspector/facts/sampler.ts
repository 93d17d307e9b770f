import type { Clock } from '../../../clock.ts'
import type { InspectableMesh } from '../recorder/inspectable.ts'
import type { Recorder } from '../recorder/recorder.ts'
import type { Teller } from '../recorder/teller.ts'
import { meshFacts } from './mesh-facts.ts'

/** Looks at the connections of meshes a few times a second, while it runs. */
export class Sampler {
  readonly #teller: Teller
  readonly #recorder: Recorder
  readonly #clock: Clock
  /** Each with how often it is watched. */
  readonly #meshes = new Map<InspectableMesh, number>()
  #timer: unknown = null

  constructor(teller: Teller, recorder: Recorder, clock: Clock) {
    this.#teller = teller
    this.#recorder = recorder
    this.#clock = clock
  }

  /** @param interval - milliseconds between two looks. */
  start(interval: number): void {
    this.stop()
    this.#schedule(interval)
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Looks at a mesh now, and at every look from now on. */
  add(mesh: InspectableMesh): void {
    this.#meshes.set(mesh, (this.#meshes.get(mesh) ?? 0) + 1)
    this.#sample(mesh)
  }

  remove(mesh: InspectableMesh): void {
    const count = this.#meshes.get(mesh) ?? 0
    if (count > 1) this.#meshes.set(mesh, count - 1)
    else this.#meshes.delete(mesh)
  }

  #schedule(interval: number): void {
    const timer = this.#clock.setTimeout(() => {
      this.#teller.attempt(() => {
        this.#recorder.sweep()
      })
      for (const mesh of [...this.#meshes.keys()]) this.#sample(mesh)
      // Unless whoever heard of this has stopped it.
      if (this.#timer === timer) this.#schedule(interval)
    }, interval)
    this.#timer = timer
    letExit(timer)
  }

  #sample(mesh: InspectableMesh): void {
    const sessionId = this.#recorder.sessionIdOf(mesh.actor)
    if (sessionId === undefined) return
    this.#teller.attempt(() => {
      const facts = meshFacts(mesh)
      const group = this.#recorder.groupOf(mesh.actor)
      this.#teller.tell({ type: 'webrtc.facts', ...this.#teller.stamp(), sessionId, group, ...facts })
    })
  }
}

/** That somebody looks keeps no process alive: Node's timers do. */
function letExit(timer: unknown): void {
  const { unref } = Object(timer) as { unref?: () => void }
  unref?.call(timer)
}
