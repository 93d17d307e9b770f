import { first } from 'rxjs'
import { type SendResult, WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { connectPair, SimulatedNetwork, type SimulatedNetworkOptions } from 'webrtc-multiplayer/testing'
import { connectGame, meshOf, startGame } from '../../src/game.ts'
import type { GameActor, GameInput } from '../../src/game-machine.ts'
import { encode, type Message } from '../../src/messages.ts'
import { type Nim, winnerOf } from '../../src/nim.ts'

/** Milliseconds before a connection is tried again. */
const PAUSE = 1_000

/** A player in a process of its own, on a host of the simulated network. */
export class Seat {
  readonly id: number
  readonly host: string
  readonly mesh: WebRTCMultiplayerPeer
  readonly game: GameActor
  /** Winners that the player was shown. */
  readonly winners: number[] = []

  constructor(id: number, host: string, network: SimulatedNetwork, input: GameInput) {
    const { clock } = network
    this.id = id
    this.host = host
    this.game = startGame(input, clock)
    this.mesh = new WebRTCMultiplayerPeer({ actor: meshOf(this.game), clock })
    this.mesh.createMesh(id)
    let winner: number | null = null
    this.onGame((shown) => {
      if (winner === winnerOf(shown)) return
      winner = winnerOf(shown)
      if (winner !== null) this.winners.push(winner)
    })
  }

  get shown(): Nim | null {
    return this.game.getSnapshot().context.game
  }

  get isHost(): boolean {
    return this.game.getSnapshot().matches('hosting')
  }

  onGame(listener: (game: Nim) => void): void {
    let last: Nim | null = null
    this.game.subscribe(({ context: { game } }) => {
      if (game === null || game === last) return
      last = game
      listener(game)
    })
  }

  say(to: number, message: Message): SendResult {
    return this.mesh.send(encode(message), { to })
  }
}

/** Players around a table, all in this process. What a lobby does otherwise, connecting each with all others, is done here. */
export class Table {
  readonly network: SimulatedNetwork
  readonly #input: GameInput
  readonly #seats = new Map<number, Seat>()

  constructor(input: GameInput, conditions: SimulatedNetworkOptions = {}) {
    this.network = new SimulatedNetwork(conditions)
    this.#input = input
  }

  /** Those who are alive. */
  get seats(): readonly Seat[] {
    return [...this.#seats.values()]
  }

  seat(id: number): Seat {
    const seat = this.#seats.get(id)
    if (seat === undefined) throw new Error(`Player ${id} is not there.`)
    return seat
  }

  /** @param prepare - is called before the player is connected with the others. */
  join(id: number, host = `host-${id}`, prepare: (seat: Seat) => void = () => undefined): void {
    const seat = new Seat(id, host, this.network, this.#input)
    prepare(seat)
    connectGame(seat.game, seat.mesh)
    for (const other of this.#seats.values()) this.#connect(seat, other)
    this.#seats.set(id, seat)
  }

  /** The process of that player dies: the others are told nothing, and nothing happens there any more. */
  die(id: number): void {
    const seat = this.seat(id)
    this.#seats.delete(id)
    this.network.kill(seat.host)
    seat.game.stop()
  }

  /** The player leaves in good order, and the others hear of it at once. */
  leave(id: number): void {
    const { mesh, game } = this.seat(id)
    this.#seats.delete(id)
    void mesh.close().then(() => game.stop())
  }

  #connect(one: Seat, other: Seat): void {
    const [offering, answering] = [one, other].map(({ host }) => new (this.network.host(host).PeerConnection)())
    if (offering === undefined || answering === undefined) return
    one.mesh.addPeer(offering, other.id)
    other.mesh.addPeer(answering, one.id)
    connectPair(offering, answering)
    // As a lobby does: what never came about is tried again.
    one.mesh.peerRemoved$.pipe(first(({ peer }) => peer === other.id, null)).subscribe((removal) => {
      if (removal === null || removal.announced) return
      this.network.clock.setTimeout(() => {
        if (![one, other].every((seat) => this.#seats.get(seat.id) === seat)) return
        other.mesh.removePeer(one.id)
        this.#connect(one, other)
      }, PAUSE)
    })
  }
}
