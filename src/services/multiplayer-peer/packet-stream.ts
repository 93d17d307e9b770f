import { Observable, type Subscriber } from 'rxjs'
import type { Packet } from './packet.ts'

/** Packets for whoever is subscribed. What a `Subject` does more for each value takes a tenth of what receiving a small packet takes. */
export class PacketStream {
  /** Replaced, never changed, so that a listener may subscribe and unsubscribe while a packet is handed out. */
  #subscribers: readonly Subscriber<Packet>[] = []
  #isComplete = false

  /** Hears the packets that come. @param onSubscribed - called when it does. */
  observable(onSubscribed: () => void): Observable<Packet> {
    return new Observable((subscriber) => {
      if (this.#isComplete) {
        subscriber.complete()
        return
      }
      this.#subscribers = [...this.#subscribers, subscriber]
      subscriber.add(() => {
        this.#subscribers = this.#subscribers.filter((other) => other !== subscriber)
      })
      onSubscribed()
    })
  }

  get observed(): boolean {
    return this.#subscribers.length > 0
  }

  next(packet: Packet): void {
    for (const subscriber of this.#subscribers) subscriber.next(packet)
  }

  complete(): void {
    this.#isComplete = true
    for (const subscriber of this.#subscribers) subscriber.complete()
  }
}
