import { hasEnded, type InspectableActor, running, type RunningActor } from './running-actor.ts'
import type { Scope } from './scope.ts'
import type { Watch, WatchHost } from './watch-host.ts'

/** An actor and its descendants. */
export class ActorWatch implements Watch {
  readonly #host: Pick<WatchHost, 'recorder'>
  readonly #actor: RunningActor
  readonly #scope: Scope

  constructor(host: Pick<WatchHost, 'recorder'>, actor: InspectableActor | RunningActor, scope: Scope) {
    this.#host = host
    this.#actor = running(actor)
    this.#scope = scope
  }

  get isOver(): boolean {
    return hasEnded(this.#actor)
  }

  open(): void {
    this.#host.recorder.attach(this.#actor, this.#scope)
  }

  close(): void {
    this.#host.recorder.detach(this.#scope)
  }

  end(): void {
    this.close()
  }
}
