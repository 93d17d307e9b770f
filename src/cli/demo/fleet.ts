import { type Observable, Subject } from 'rxjs'
import { ChildPeer } from './child-peer.ts'
import type { FromPeer } from './messages.ts'

/** What the parent hears of its peers, each with the peer that it is about. */
export type FleetEvent =
  | (Exclude<FromPeer, { type: 'signal' | 'failed' }> & { readonly of: number })
  /** The process threw, was ended by something else than the parent, or could not be started. */
  | { readonly type: 'failed'; readonly of: number; readonly message: string }
  /** The process has ended. */
  | { readonly type: 'ended'; readonly of: number }

/**
 * The processes of the demo's peers, and their signaling: what a peer has for another goes through here.
 *
 * Ids rise from 1 and are never used again. The newcomer offers, to everyone who is there; of peers that come at the same time the one with the
 * higher id is the newcomer. So never do both sides of a connection offer.
 */
export class Fleet {
  readonly events$: Observable<FleetEvent>

  readonly #program: string
  readonly #events = new Subject<FleetEvent>()
  readonly #children = new Map<number, ChildPeer>()
  #lastId = 0

  /** @param program - the file of this program, of which each peer is another process. */
  constructor(program: string) {
    this.#program = program
    this.events$ = this.#events.asObservable()
  }

  /** Peers whose processes are there, in ascending order. */
  get peers(): readonly ChildPeer[] {
    return [...this.#children.values()]
  }

  /** Peers that are up and neither leave nor were killed. */
  get running(): readonly ChildPeer[] {
    return this.peers.filter((peer) => peer.phase === 'running')
  }

  get(id: number): ChildPeer | undefined {
    return this.#children.get(id)
  }

  /** Starts one more peer; `ready` tells when it is up. */
  add(): ChildPeer {
    const id = ++this.#lastId
    const child = new ChildPeer(id, this.#program, {
      said: (message) => {
        this.#hear(id, message)
      },
      failed: (message) => {
        this.#events.next({ type: 'failed', of: id, message })
      },
      ended: () => {
        this.#children.delete(id)
        this.#events.next({ type: 'ended', of: id })
      },
    })
    this.#children.set(id, child)
    return child
  }

  /** Connects two peers. The answering one hears of it first, so that it is prepared when the offer comes. */
  connect(offering: number, answering: number): void {
    this.get(answering)?.tell({ type: 'connect', peer: offering, offers: false })
    this.get(offering)?.tell({ type: 'connect', peer: answering, offers: true })
  }

  /** Lets every peer leave. Those that have not ended in time are killed. Returns their ids when all processes have ended. */
  async close(patience: number): Promise<number[]> {
    const late: number[] = []
    const ends = this.peers.map(async (peer) => {
      peer.leave()
      const timer = setTimeout(() => {
        late.push(peer.id)
        peer.kill()
      }, patience)
      await peer.ended
      clearTimeout(timer)
    })
    await Promise.all(ends)
    return late
  }

  #hear(from: number, message: FromPeer): void {
    if (message.type === 'signal') {
      this.get(message.to)?.tell({ type: 'signal', from, signal: message.signal })
    } else {
      this.#events.next({ ...message, of: from })
    }
  }
}
