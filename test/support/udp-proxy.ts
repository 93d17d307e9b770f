import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { IceCandidate } from '../../src/transport/peer-connection.ts'

export interface Impairment {
  /** Share of datagrams that are dropped, 0 to 1. */
  loss?: number
  /** Milliseconds that each datagram is delayed. */
  delay?: number
  /** Up to so many milliseconds more, at random: datagrams overtake each other. */
  jitter?: number
  /** Makes the same datagrams suffer in every run. */
  seed?: number
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * A bad network between two connections, without root: every candidate is rewritten on its way through signaling to a socket of the proxy, which passes
 * datagrams on to the real address and drops, delays and reorders them. For connections with `bindAddress` 127.0.0.1; candidates that
 * are not IPv4 are dropped.
 */
export class UdpProxy {
  /** May be changed at any time; `loss: 1` is an outage. */
  impairment: Required<Impairment>
  forwarded = 0
  dropped = 0

  readonly #random: () => number
  /** By real port: the socket that stands for it, as the others see it. */
  readonly #standIns = new Map<number, Socket>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()

  constructor(impairment: Impairment = {}) {
    this.impairment = { loss: 0, delay: 0, jitter: 0, seed: 1, ...impairment }
    this.#random = seeded(this.impairment.seed)
  }

  /** Gives a port that leads to the given port of 127.0.0.1. */
  async standInFor(port: number): Promise<number> {
    let socket = this.#standIns.get(port)
    if (socket === undefined) {
      socket = createSocket('udp4')
      this.#standIns.set(port, socket)
      socket.on('message', (datagram, { port: from }) => {
        void this.#pass(datagram, from, port)
      })
      socket.bind(0, '127.0.0.1')
      await once(socket, 'listening')
    }
    return socket.address().port
  }

  /** The candidate as the other side shall see it, or null to keep it back. */
  async rewrite(candidate: IceCandidate): Promise<IceCandidate | null> {
    const match = /^((?:a=)?candidate:\S+ \d+ UDP \d+ )127\.0\.0\.1 (\d+)( typ host.*)$/i.exec(candidate.name)
    if (match === null) return null
    const port = await this.standInFor(Number(match[2]))
    return { ...candidate, name: `${match[1] ?? ''}127.0.0.1 ${port}${match[3] ?? ''}` }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const socket of this.#standIns.values()) socket.close()
    this.#standIns.clear()
  }

  /** A datagram leaves by the socket that stands for its sender, so that the answer finds its way. */
  async #pass(datagram: Buffer, from: number, to: number): Promise<void> {
    if (this.#random() < this.impairment.loss) {
      this.dropped++
      return
    }
    this.forwarded++
    await this.standInFor(from)
    const send = (): void => {
      this.#standIns.get(from)?.send(datagram, to, '127.0.0.1')
    }
    const wait = this.impairment.delay + this.#random() * this.impairment.jitter
    if (wait === 0) {
      send()
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      send()
    }, wait)
    this.#timers.add(timer)
  }
}
