import { MultiplayerError, TransferMode, type WebRTCMultiplayerPeer } from '../../index.ts'
import { encodeCursor, encodeHello } from './cursor-packets.ts'

/** Milliseconds between two steps of the cursor: smooth enough beside the page's own. */
const STEP = 50
/** Milliseconds for once around. */
const ROUND = 9_000
/** Neighbours on the circle of hues are far apart for any few numbers. */
const GOLDEN_ANGLE = 137.5

/** Shows visitors, who see the mesh as a page full of cursors, where this peer is: on a way of its own, round and round. */
export class VisitorGuide {
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #number: number
  readonly #visitors = new Set<number>()
  #timer: ReturnType<typeof setInterval> | undefined

  /** @param number - of this peer in the demo; makes its name, its colour and its way. */
  constructor(mesh: WebRTCMultiplayerPeer, number: number) {
    this.#mesh = mesh
    this.#number = number
  }

  has(peer: number): boolean {
    return this.#visitors.has(peer)
  }

  /** The visitor may not be connected yet. */
  add(peer: number): void {
    this.#visitors.add(peer)
    this.greet(peer)
    this.#timer ??= setInterval(() => {
      this.#step()
    }, STEP)
  }

  /** Tells a visitor that is connected who this is. */
  greet(peer: number): void {
    if (!this.has(peer)) return
    const hue = Math.round(this.#number * GOLDEN_ANGLE) % 360
    this.#send(
      encodeHello(`Peer ${this.#number} (process ${process.pid})`.slice(0, 24), hue),
      peer,
      TransferMode.RELIABLE,
    )
  }

  remove(peer: number): void {
    this.#visitors.delete(peer)
    if (this.#visitors.size === 0) this.stop()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #step(): void {
    const angle = ((performance.now() / ROUND) * 2 + this.#number) * Math.PI
    const [width, height] = [0.15 + 0.05 * (this.#number % 6), 0.38 - 0.04 * (this.#number % 6)]
    const packet = encodeCursor(0.5 + width * Math.cos(angle), 0.5 + height * Math.sin(angle))
    for (const visitor of this.#visitors) this.#send(packet, visitor, TransferMode.UNRELIABLE_ORDERED)
  }

  #send(packet: Uint8Array, to: number, mode: TransferMode): void {
    try {
      this.#mesh.send(packet, { to, mode })
    } catch (error) {
      // Not connected yet, or gone a moment ago.
      if (!(error instanceof MultiplayerError)) throw error
    }
  }
}
