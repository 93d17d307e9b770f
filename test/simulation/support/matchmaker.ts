import type { Random, VirtualClock } from '../../../src/testing/index.ts'
import { connectPair } from '../../../src/testing/index.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'

/** Somebody who wants to be connected with everyone else. */
export interface Player {
  readonly id: number
  /** Whether there is a connection to that player, open or not. */
  has(other: Player): boolean
  /** Makes a connection to that player. */
  add(other: Player): WebRTCPeerConnection
  /** Gives up what there is of that player's id. */
  remove(id: number): void
}

/** Milliseconds between two looks at who is connected. */
const PERIOD = 500
/** Milliseconds that a connection has to be there on both sides. */
const PATIENCE = 2_000
/** Milliseconds that a signal takes at most. */
const SLOWEST = 300

/** The signaling of an application that has no lobby: whoever is registered is connected with all others, again and again if need be. Signals take any time and overtake each other. */
export class Matchmaker {
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #players = new Set<Player>()
  /** When each pair was last dialled. */
  readonly #dialled = new Map<string, number>()
  #timer: unknown = null

  constructor(clock: VirtualClock, random: Random) {
    this.#clock = clock
    this.#random = random
    this.#goOn()
  }

  register(player: Player): void {
    // Some hear at once that whoever has this id is another one now; others find out by themselves.
    for (const other of this.#players) if (this.#random.chance(0.5)) other.remove(player.id)
    this.#players.add(player)
  }

  unregister(player: Player): void {
    this.#players.delete(player)
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#players.clear()
  }

  #goOn(): void {
    this.#timer = this.#clock.setTimeout(() => {
      const players = [...this.#players]
      for (const a of players) for (const b of players) if (a.id < b.id) this.#look(a, b)
      this.#goOn()
    }, PERIOD)
  }

  #look(a: Player, b: Player): void {
    const key = `${a.id} ${b.id}`
    if (this.#clock.now() - (this.#dialled.get(key) ?? -Infinity) < PATIENCE) return
    if (a.has(b) && b.has(a)) return
    // A connection that the other side does not have leads nowhere.
    a.remove(b.id)
    b.remove(a.id)
    this.#dialled.set(key, this.#clock.now())
    const [offering, answering] = this.#random.chance(0.5) ? [a, b] : [b, a]
    connectPair(offering.add(answering), answering.add(offering), {
      carry: (deliver) => {
        this.#clock.setTimeout(deliver, this.#random.next() * SLOWEST)
      },
    })
  }
}
