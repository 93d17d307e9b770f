import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { joinLobby } from '../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../src/services/lobby/client/joined-lobby.ts'
import { sleep } from '../../../src/services/lobby/client/back-off.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { History, Random, Recording, SimulatedNetwork } from '../../../src/testing/index.ts'
import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { ProcessClock } from './process-clock.ts'
import type { Signaling } from './signaling.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import { Traffic } from './traffic.ts'
import type { WorldPlan } from './world-plan.ts'

/** What all processes of a simulation share. */
export interface Surroundings {
  readonly network: SimulatedNetwork
  readonly signaling: Signaling
  readonly plan: WorldPlan
  readonly history: History
  readonly failed: (message: string) => void
}

/** What an honest peer can be counted for in a world of faults. */
const HARMLESS: readonly string[] = ['unknown-target', 'unknown-source', 'relay-failed']

/** So that an overload reaches them. Not beside an API: a server that cannot pass on what is reliable drops it, as Godot's does. */
const SMALL_LIMITS = { unreliableSendBuffer: 16 * 1024, reliableSendBuffer: 128 * 1024 }

const LOBBY = 'arena'
const URL_OF_LOBBY = 'ws://lobby.test'

/**
 * One process: an application that wants to be in the lobby, whatever happens. It joins, sends, dials those anew whose dialling was given up, and joins again when the lobby is lost.
 */
export class HostProcess implements SimulatedProcess {
  readonly host: string
  readonly name: string
  readonly connections: WebRTCPeerConnection[] = []
  /** The lobby that it is in. */
  lobby: JoinedLobby | null = null
  api: MultiplayerAPI | null = null
  readonly traffic: Traffic
  readonly ended: Promise<void>

  readonly #surroundings: Surroundings
  readonly #clock: ProcessClock
  /** That of the lobby, the mesh and the API alone, which have no timers left when they have ended. */
  readonly #sessionClock: ProcessClock
  readonly #random: Random
  readonly #life = new AbortController()
  readonly #recordings: Recording[] = []

  constructor(host: string, life: number, surroundings: Surroundings) {
    const { network, plan, failed } = surroundings
    const name = `${host}.${life}`
    this.host = host
    this.name = name
    this.#surroundings = surroundings
    this.#clock = new ProcessClock(network.clock)
    this.#sessionClock = new ProcessClock(network.clock)
    this.#random = plan.random.fork(name)
    const { channels, interval } = plan
    const random = this.#random.fork('traffic')
    const options = { clock: this.#clock, random, channels: channels.length, interval, failed }
    this.traffic = new Traffic(name, options)
    this.ended = this.#live().catch((error: unknown) => {
      failed(`${name}: ${String(error)}`)
    })
  }

  get id(): number {
    return this.lobby?.id ?? 0
  }

  die(): void {
    this.#clock.die()
    this.#sessionClock.die()
    this.traffic.stop()
    for (const recording of this.#recordings) recording.stop()
    this.#surroundings.signaling.sockets.cut(this.host)
  }

  leave(): void {
    this.#life.abort(new Error('leaving'))
  }

  knows(others: readonly SimulatedProcess[]): boolean {
    const { lobby, api } = this
    if (lobby?.state !== 'joined' || lobby.peer.connectionStatus !== ConnectionStatus.CONNECTED) return false
    const ids = others.map(({ id }) => id).sort((a, b) => a - b)
    const known = api === null ? connectedOf(lobby.peer) : api.getPeers()
    return known.sort((a, b) => a - b).join() === ids.join()
  }

  #isDead(): boolean {
    return this.#clock.isDead
  }

  #isLeaving(): boolean {
    return this.#life.signal.aborted
  }

  async #live(): Promise<void> {
    await this.#pause(1_500)
    while (!this.#isLeaving()) {
      try {
        await this.#join()
      } catch (error) {
        if (!this.#isLeaving() && !(error instanceof MultiplayerError)) throw error
      }
      this.#checkTimers()
      await this.#pause(2_000)
    }
    this.traffic.stop()
  }

  /** Joins the lobby and stays until it is lost, or to be left. */
  async #join(): Promise<void> {
    const lobby = await joinLobby(URL_OF_LOBBY, this.#options())
    if (this.#isDead()) return
    this.lobby = lobby
    this.#use(lobby)
    await this.#lost(lobby)
    if (this.#isDead()) return
    this.#checkBlame()
    this.traffic.port = null
    this.lobby = null
    await this.api?.close()
    this.api = null
    await lobby.leave()
  }

  #options(): JoinLobbyOptions {
    const { network, signaling, plan, failed } = this.#surroundings
    const { PeerConnection } = network.host(this.host)
    const { connections } = this
    const logger = {
      warn: () => undefined,
      error: (message: string, details?: unknown) => {
        failed(`${this.name}: ${message} ${String(details)}`)
      },
    }
    return {
      lobby: LOBBY,
      create: { onHostLeave: plan.mode === 'mesh' ? 'keep' : 'close' },
      mode: plan.mode === 'client-server' ? 'client-server' : 'mesh',
      channels: plan.channels,
      iceServers: [],
      signal: this.#life.signal,
      WebSocket: signaling.of(this.host),
      PeerConnection: class extends PeerConnection {
        constructor(configuration?: PeerConnectionConfiguration) {
          super(configuration)
          connections.push(this)
        }
      },
      clock: this.#sessionClock,
      ...(plan.hasApi ? {} : { peer: { limits: SMALL_LIMITS } }),
      random: () => this.#random.next(),
      logger,
    }
  }

  #use(lobby: JoinedLobby): void {
    const { history, plan, failed } = this.#surroundings
    const { peer } = lobby
    this.#recordings.push(history.recordLobby(this.name, lobby))
    const meshRecording = history.record(this.name, peer)
    this.#recordings.push(meshRecording)
    if (plan.hasApi) {
      const logger = {
        warn: () => undefined,
        error: (message: string, details?: unknown) => {
          failed(`${this.name}: ${message} ${String(details)}`)
        },
      }
      const authenticate = plan.authenticates ? { authenticate: () => undefined } : {}
      const api = new MultiplayerAPI(peer, {
        clock: this.#sessionClock,
        reportLostPeers: true,
        logger,
        ...authenticate,
      })
      // A slow link may take longer than an authentication may; then it is dialled anew.
      api.peerAuthenticationFailed$.subscribe((id) => {
        this.#dialLater(lobby, id)
      })
      const recording = history.recordApi(this.name, api, plan.channels)
      this.#recordings.push(recording)
      this.api = api
      this.#listen(api.peerConnected$, api.peerPacket$)
      this.traffic.port = { send: (data, options) => recording.sendBytes(data, options), peers: () => api.getPeers() }
    } else {
      this.#listen(peer.peerConnected$, peer.packets$)
      this.traffic.port = { send: (data, options) => meshRecording.send(data, options), peers: () => connectedOf(peer) }
    }
  }

  #listen(connected$: MultiplayerAPI['peerConnected$'], packets$: MultiplayerAPI['peerPacket$']): void {
    connected$.subscribe((id) => {
      this.traffic.announced(id)
    })
    packets$.subscribe(({ peer }) => {
      this.traffic.arrived(peer)
    })
  }

  /** Resolves when the lobby is lost, or is to be left. Until then, dials anew whoever was given up. */
  #lost(lobby: JoinedLobby): Promise<void> {
    return new Promise((resolve) => {
      lobby.verdicts$.subscribe(({ peer, reason }) => {
        if (reason !== 'peer-left') this.#dialLater(lobby, peer)
      })
      lobby.state$.subscribe((state) => {
        if (state === 'leaving' || state === 'left') resolve()
        else if (state === 'detached') this.#clock.setTimeout(resolve, 2_000 * this.#random.next())
      })
    })
  }

  #dialLater(lobby: JoinedLobby, peer: number): void {
    this.#clock.setTimeout(
      () => {
        if (this.lobby === lobby && lobby.members.includes(peer)) lobby.dial(peer)
      },
      500 + 1_000 * this.#random.next(),
    )
  }

  /** Nobody here is hostile, so nobody may be blamed. */
  #checkBlame(): void {
    const violations = Object.keys(this.api?.stats().violations ?? {}).filter((kind) => !HARMLESS.includes(kind))
    if (violations.length > 0) this.#surroundings.failed(`${this.name} blames honest peers: ${violations.join()}`)
  }

  /** Nothing of a session that is over may wake up later. */
  #checkTimers(): void {
    const { pending } = this.#sessionClock
    if (pending > 0) this.#surroundings.failed(`${this.name} has ${pending} timers left of a session that is over`)
  }

  async #pause(longest: number): Promise<void> {
    await sleep(this.#clock, longest * this.#random.next(), this.#life.signal).catch(() => undefined)
  }
}

function connectedOf(peer: WebRTCMultiplayerPeer): number[] {
  return [...peer.getPeers()].filter(([, { connected }]) => connected).map(([id]) => id)
}
