import type { InspectionEvent, Subscription } from 'xstate'
import type { InspectableSystem } from './running-actor.ts'

interface Attachment {
  readonly subscription: Subscription
  listeners: number
}

/** The systems of actors that are listened to, each once, as long as anybody in it is watched. */
export class Systems {
  readonly #observer: { readonly next: (event: InspectionEvent) => void }
  readonly #attachments = new Map<InspectableSystem, Attachment>()

  constructor(next: (event: InspectionEvent) => void) {
    this.#observer = { next }
  }

  get size(): number {
    return this.#attachments.size
  }

  listen(system: InspectableSystem): void {
    const attachment = this.#attachments.get(system)
    if (attachment !== undefined) attachment.listeners++
    else this.#attachments.set(system, { subscription: system.inspect(this.#observer), listeners: 1 })
  }

  /** Undoes that many {@link listen}s. */
  unlisten(system: InspectableSystem, listeners = 1): void {
    const attachment = this.#attachments.get(system)
    if (attachment === undefined) return
    attachment.listeners -= listeners
    if (attachment.listeners > 0) return
    attachment.subscription.unsubscribe()
    this.#attachments.delete(system)
  }
}
