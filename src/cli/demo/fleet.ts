import { type Observable, Subject } from 'rxjs'
import { ChildPeer } from './child-peer.ts'
import type { FromPeer } from './messages.ts'
import { PeerNumbers } from './peer-numbers.ts'

/** What the parent hears of its peers, each with the peer that it is about. Peers are meant by their numbers in the demo, not by their ids in the lobby. */
export type FleetEvent =
  | (Exclude<FromPeer, { type: 'joined' | 'failed' }> & { readonly of: number })
  /** The peer is in the lobby. */
  | { readonly type: 'joined'; readonly of: number }
  /** Somebody else has come into the lobby: a page. */
  | { readonly type: 'visitor'; readonly of: number }
  /** The process threw, was ended by something else than the parent, or could not be started. */
  | { readonly type: 'failed'; readonly of: number; readonly message: string }
  /** The process has ended. */
  | { readonly type: 'ended'; readonly of: number }

/** Where the peers meet. */
export interface Meeting {
  readonly url: string
  readonly lobby: string
  readonly loopback: boolean
  /** Address for those who report to an inspector; null without one. */
  readonly inspector: string | null
}

/** A message of a peer about others, by their ids. */
type Told = Exclude<FromPeer, { type: 'ready' | 'joined' | 'failed' }>

/** The processes of the demo's peers. Numbers rise from 1 and are never used again. */
export class Fleet {
  readonly events$: Observable<FleetEvent>

  readonly #program: string
  readonly #events = new Subject<FleetEvent>()
  readonly #children = new Map<number, ChildPeer>()
  readonly #numbers = new PeerNumbers()
  /** By their ids. */
  readonly #visitors = new Set<number>()
  /** Told of ids that may be those of peers that are just joining. */
  #held: { readonly of: number; readonly message: Told }[] = []

  /** @param program - the file of this program, of which each peer is another process. */
  constructor(program: string) {
    this.#program = program
    this.events$ = this.#events.asObservable()
  }

  /** Peers whose processes are there, in ascending order. */
  get peers(): readonly ChildPeer[] {
    return [...this.#children.values()]
  }

  /** Peers that are in the lobby and neither leave nor were killed. */
  get running(): readonly ChildPeer[] {
    return this.peers.filter((peer) => peer.phase === 'running')
  }

  get(number: number): ChildPeer | undefined {
    return this.#children.get(number)
  }

  /** Starts one more peer; `ready` tells when it is up. */
  add(): ChildPeer {
    const number = this.#numbers.next()
    const child = new ChildPeer(number, this.#program, {
      said: (message) => {
        this.#hear(number, message)
      },
      failed: (message) => {
        this.#events.next({ type: 'failed', of: number, message })
      },
      ended: () => {
        this.#children.delete(number)
        this.#events.next({ type: 'ended', of: number })
        this.#tellHeld()
      },
    })
    this.#children.set(number, child)
    return child
  }

  /** Has a peer that is up join the lobby; `joined` tells when it is in. */
  join(number: number, meeting: Meeting): void {
    this.get(number)?.tell({ type: 'join', ...meeting })
  }

  /** Lets every peer leave. Those that have not ended in time are killed. Returns their numbers when all processes have ended. */
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

  #hear(of: number, message: FromPeer): void {
    switch (message.type) {
      case 'failed':
        break
      case 'joined':
        this.#numbers.assign(of, message.id)
        for (const peer of this.#visitors) this.get(of)?.tell({ type: 'visitor', peer })
        this.#events.next({ type: 'joined', of })
        this.#tellHeld()
        break
      case 'ready':
        this.#events.next({ type: 'ready', of })
        break
      default:
        this.#held.push({ of, message })
        this.#tellHeld()
    }
  }

  /** In order, as far as everybody whom it is about is known. Who is not, while nobody is joining, is a visitor. */
  #tellHeld(): void {
    for (let first = this.#held[0]; first !== undefined; first = this.#held[0]) {
      const { of, message } = first
      const unknown = idsIn(message).filter((id) => this.#numbers.of(id) === undefined)
      if (unknown.length > 0 && this.peers.some(({ phase }) => phase === 'up')) return
      for (const id of unknown) this.#visit(id)
      this.#held.shift()
      this.#events.next({ ...this.#numbered(message), of })
    }
  }

  #visit(id: number): void {
    const number = this.#numbers.next()
    this.#numbers.assign(number, id)
    this.#visitors.add(id)
    for (const peer of this.running) peer.tell({ type: 'visitor', peer: id })
    this.#events.next({ type: 'visitor', of: number })
  }

  #numbered(message: Told): Told {
    const numberOf = (id: number): number => this.#numbers.of(id) ?? id
    switch (message.type) {
      case 'peerConnected':
      case 'peerDisconnected':
      case 'neverConnected':
        return { ...message, peer: numberOf(message.peer) }
      case 'report': {
        const connections = message.report.connections.map((c) => ({ ...c, peer: numberOf(c.peer) }))
        return { type: 'report', report: { ...message.report, connections } }
      }
      case 'sent':
      case 'tally':
        return message
    }
  }
}

function idsIn(message: Told): number[] {
  switch (message.type) {
    case 'peerConnected':
    case 'peerDisconnected':
    case 'neverConnected':
      return [message.peer]
    case 'report':
      return message.report.connections.map(({ peer }) => peer)
    case 'sent':
    case 'tally':
      return []
  }
}
