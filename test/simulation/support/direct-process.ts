import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MeshRecording, Random } from '../../../src/testing/index.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import type { Surroundings } from './host-process.ts'
import type { Matchmaker, Player } from './matchmaker.ts'
import { ProcessClock } from './process-clock.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import { Traffic } from './traffic.ts'

/** So that an overload reaches them. */
const SMALL_LIMITS = { unreliableSendBuffer: 16 * 1024, reliableSendBuffer: 128 * 1024 }
/** Milliseconds between two moments at which it removes somebody, on average. */
const WHIM = 8_000

/**
 * One process of an application that has no lobby: Godot 3's mesh with server compatibility, in which nobody hears of anybody before peer 1 is there. Each host always comes back with the same
 * id. Now and then it removes a peer for no reason.
 */
export class DirectProcess implements SimulatedProcess, Player {
  readonly host: string
  readonly name: string
  readonly connections: WebRTCPeerConnection[] = []
  readonly traffic: Traffic
  readonly id: number
  readonly ended: Promise<void>

  readonly #surroundings: Surroundings
  readonly #matchmaker: Matchmaker
  readonly #clock: ProcessClock
  /** That of the mesh alone, which has no timers left when it has ended. */
  readonly #meshClock: ProcessClock
  readonly #random: Random
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #recording: MeshRecording
  readonly #added = new Map<Player, WebRTCPeerConnection>()
  #end: () => void = () => undefined
  #hasWhims = true

  constructor(host: string, id: number, life: number, surroundings: Surroundings, matchmaker: Matchmaker) {
    const { network, plan, history, failed } = surroundings
    const name = `${host}.${life}`
    this.host = host
    this.name = name
    this.id = id
    this.#surroundings = surroundings
    this.#matchmaker = matchmaker
    const clock = new ProcessClock(network.clock)
    this.#clock = clock
    this.#meshClock = new ProcessClock(network.clock)
    this.#random = plan.random.fork(name)
    const { channels, interval } = plan
    const random = this.#random.fork('traffic')
    this.traffic = new Traffic(name, { clock, random, channels: channels.length, interval, failed })
    const logger = {
      warn: () => undefined,
      error: (message: string, details?: unknown) => {
        failed(`${name}: ${message} ${String(details)}`)
      },
    }
    const mesh = new WebRTCMultiplayerPeer({ clock: this.#meshClock, logger, limits: SMALL_LIMITS })
    this.#mesh = mesh
    this.#recording = history.record(name, mesh)
    mesh.initialize(id, true, channels)
    mesh.peerConnected$.subscribe((peer) => {
      this.traffic.announced(peer)
    })
    mesh.packets$.subscribe(({ peer }) => {
      this.traffic.arrived(peer)
    })
    this.traffic.port = {
      send: (data, options) => this.#recording.send(data, options),
      peers: () => [...mesh.getPeers().keys()],
    }
    clock.setTimeout(() => {
      matchmaker.register(this)
    }, 1_000 * this.#random.next())
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#goOn()
  }

  die(): void {
    this.#clock.die()
    this.#meshClock.die()
    this.traffic.stop()
    this.#recording.stop()
    this.#matchmaker.unregister(this)
  }

  leave(): void {
    this.#hasWhims = false
    this.traffic.stop()
    this.#matchmaker.unregister(this)
    void this.#mesh[Symbol.asyncDispose]().then(() => {
      const { pending } = this.#meshClock
      if (pending > 0) this.#surroundings.failed(`${this.name} has ${pending} timers left of a mesh that is over`)
      this.#clock.die()
      this.#end()
    })
  }

  /** From now on it removes nobody any more. */
  settle(): void {
    this.#hasWhims = false
  }

  knows(others: readonly SimulatedProcess[]): boolean {
    if (this.#mesh.connectionStatus !== ConnectionStatus.CONNECTED) return false
    const known = [...this.#mesh.getPeers()].filter(([, { connected }]) => connected).map(([id]) => id)
    const ids = others.map(({ id }) => id)
    return known.sort((a, b) => a - b).join() === ids.sort((a, b) => a - b).join()
  }

  // --- as a player ----------------------------------------------------------------------------------------------------------------------

  has(other: Player): boolean {
    return this.#mesh.hasPeer(other.id) && this.#mesh.getPeer(other.id).connection === this.#added.get(other)
  }

  add(other: Player): WebRTCPeerConnection {
    const { PeerConnection } = this.#surroundings.network.host(this.host)
    const connection = new PeerConnection()
    this.connections.push(connection)
    this.#added.set(other, connection)
    this.#mesh.addPeer(connection, other.id)
    return connection
  }

  remove(id: number): void {
    if (this.#mesh.hasPeer(id)) this.#mesh.removePeer(id)
  }

  #goOn(): void {
    this.#clock.setTimeout(
      () => {
        if (!this.#hasWhims) return
        const peers = [...this.#mesh.getPeers().keys()]
        const peer = peers[this.#random.below(Math.max(1, peers.length))]
        const how = this.#random.below(3)
        if (peer !== undefined && how === 0) this.#mesh.removePeer(peer)
        else if (peer !== undefined) this.#mesh.disconnectPeer(peer, how === 1)
        this.#goOn()
      },
      WHIM * (0.5 + this.#random.next()),
    )
  }
}
