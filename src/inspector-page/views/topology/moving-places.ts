import type { PeerPlace, RingLayout } from './ring-layout.ts'
import { peerKey } from '../../model/selection.ts'

/** Of a movement: quick enough not to be waited for, slow enough to be followed. */
const DURATION = 350

/** Peers do not jump when others come and go: they glide from where they were drawn to where they belong. */
export class MovingPlaces {
  /** Where each peer is drawn now, by its key. */
  readonly places = new Map<string, PeerPlace>()
  /** Changes whenever a place does. */
  version = 0
  #from = new Map<string, PeerPlace>()
  #to = new Map<string, PeerPlace>()
  #startedAt = 0
  #isMoving = false

  /** Somebody has come or gone. Whoever is new is at its place at once; with `glides` false everybody is. */
  moveTo({ groups }: RingLayout, now: number, glides: boolean): void {
    this.#from = new Map(this.places)
    this.#to = new Map(
      groups.flatMap(({ group, peers }) => [...peers].map(([id, place]) => [peerKey(group, id), place] as const)),
    )
    for (const key of this.places.keys()) if (!this.#to.has(key)) this.places.delete(key)
    this.#startedAt = glides ? now : -Infinity
    this.#isMoving = true
    this.advance(now)
  }

  /** Sets the places of this moment. True while they have not arrived yet. */
  advance(now: number): boolean {
    if (!this.#isMoving) return false
    const done = Math.min(1, (now - this.#startedAt) / DURATION)
    const share = 1 - (1 - done) ** 3
    for (const [key, to] of this.#to) this.places.set(key, between(this.#from.get(key) ?? to, to, share))
    this.version++
    this.#isMoving = done < 1
    return this.#isMoving
  }
}

function between(from: PeerPlace, to: PeerPlace, share: number): PeerPlace {
  if (share === 1 || from === to) return to
  // The shorter way round.
  const turn = ((((to.angle - from.angle) % TURN) + TURN * 1.5) % TURN) - TURN / 2
  return {
    ...to,
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
    angle: from.angle + turn * share,
  }
}

const TURN = 2 * Math.PI
