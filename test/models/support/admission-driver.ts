import type { AuthenticationActorRef } from '../../../src/machines/authentication-types.ts'
import { encodeScenePacket } from '../../../src/protocol/scene-packets/scene-packets.ts'
import { connectPair, SimulatedNetwork } from '../../../src/testing/index.ts'
import { admissionModelRefusal } from '../../../src/testing/models/admission-model-events.ts'
import type {
  AdmissionModelEmitted,
  AdmissionModelEvent,
  AdmissionModelOptions,
  AdmissionModelState,
} from '../../../src/testing/models/admission-model-types.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { assertEqual, assertThrows } from '../../../src/testing/transport-acceptance/assertions.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { AdmissionSeat } from './admission-seat.ts'

const SERVER = 1
/** Milliseconds: for those who authenticate, much longer than a path takes; and after which everything on a perfect network has happened. */
const AUTH_TIMEOUT = 10_000_000
const SETTLED = 100

function heardOf(said: AdmissionModelEmitted): string[] {
  switch (said.type) {
    case 'failed':
      return [`failure ${said.id} ${said.reason}`, `authenticationFailed ${said.id}`]
    case 'authenticating':
    case 'connected':
    case 'disconnected':
      return [`${said.type} ${said.id}`]
    default:
      return [said.type]
  }
}

/** Leads a server and its clients, all on one simulated network, along paths of `admissionModel`. */
export class AdmissionDriver implements PathDriver<AdmissionModelState, AdmissionModelEvent, AdmissionModelEmitted> {
  readonly #network = new SimulatedNetwork({ latency: 5 })
  readonly #options: AdmissionModelOptions
  readonly #seats = new Map<number, AdmissionSeat>()
  readonly #actors = new Set<AuthenticationActorRef>()
  /** Of the server's authentications, by client: the last one. */
  readonly #decisions = new Map<number, (accepts: boolean) => void>()
  /** The clients' ends of their connections: the last ones. */
  readonly #connections = new Map<number, WebRTCPeerConnection>()

  constructor(options: AdmissionModelOptions) {
    this.#options = options
    for (const id of [SERVER, ...options.clients]) this.#sit(id)
    this.#seat(SERVER).mesh.createServer()
  }

  async act(event: AdmissionModelEvent): Promise<void> {
    const { mesh, api } = this.#seat(SERVER)
    switch (event.type) {
      case 'CONNECT':
        this.#connect(event.id)
        break
      case 'FAIL':
        this.#dial(event.id).close()
        break
      case 'GIVE_UP':
        this.#dial(event.id)
        void this.#seat(event.id).mesh.close()
        break
      case 'ACCEPT':
      case 'REJECT':
        this.#decisions.get(event.id)?.(event.type === 'ACCEPT')
        break
      case 'TIME_OUT':
        await this.#network.clock.run(AUTH_TIMEOUT)
        break
      case 'LOST':
        this.#connections.get(event.id)?.close()
        break
      case 'LEAVE':
        void this.#seat(event.id).mesh.close()
        break
      case 'KICK':
        assertEqual(api.disconnectPeer(event.id), true, 'what disconnectPeer says')
        break
      case 'QUIT':
        assertEqual(this.#seat(event.id).api.disconnectPeer(SERVER), true, 'what disconnectPeer says')
        break
      case 'REFUSE':
      case 'WELCOME':
        api.refuseNewConnections = event.type === 'REFUSE'
        break
      case 'CLOSE':
        void mesh.close()
        break
      case 'REOPEN':
        mesh.createServer()
        mesh.refuseNewConnections = false
        break
    }
    await this.#network.clock.run(SETTLED)
  }

  async attempt(event: AdmissionModelEvent, state: AdmissionModelState): Promise<void> {
    const code = admissionModelRefusal(state, event)
    const { mesh, api } = this.#seat(SERVER)
    switch (event.type) {
      case 'CONNECT':
        this.#tryToConnect(event.id, code)
        break
      case 'KICK':
        if (code === null) assertEqual(api.disconnectPeer(event.id), false, 'what disconnectPeer says')
        else assertThrows(() => api.disconnectPeer(event.id), event.type, code)
        break
      case 'QUIT':
        if (code !== null) assertThrows(() => this.#seat(event.id).api.disconnectPeer(SERVER), event.type, code)
        break
      case 'REOPEN':
        if (code !== null) assertThrows(() => mesh.createServer(), event.type, code)
        break
      case 'FAIL':
      case 'GIVE_UP':
      case 'REFUSE':
      case 'WELCOME':
        // There is no second connection that could fail; and the peer's property may be set while it is closed.
        break
      default:
        await this.act(event)
    }
    this.#forge(state)
    await this.#network.clock.run(SETTLED)
  }

  async check(state: AdmissionModelState, emitted: readonly AdmissionModelEmitted[]): Promise<void> {
    for (const said of emitted) this.#seat(said.at).expected.push(...heardOf(said))
    const { admitted, authenticating } = state.context
    for (const [id, { heard, expected, api }] of this.#seats) {
      assertEqual(heard, expected, `what ${id} heard`)
      assertEqual(api.getPeers(), this.#peersOf(id, state), `whom ${id} knows`)
      const pending = id === SERVER ? authenticating : authenticating.includes(id) ? [SERVER] : []
      assertEqual(api.getAuthenticatingPeers(), pending, `who authenticates at ${id}`)
    }
    const server = this.#seat(SERVER)
    assertEqual(
      [...server.mesh.getPeers().keys()].sort(),
      [...admitted, ...authenticating].sort(),
      "the server's connections",
    )
    if (state.value !== 'closed')
      assertEqual(server.api.refuseNewConnections, state.value === 'refusing', 'refuseNewConnections')
    assertEqual(this.#living(), authenticating.length * 2, 'authentications that are alive')
    await this.#checkPackets(state)
  }

  async dispose(): Promise<void> {
    for (const { api, mesh } of this.#seats.values()) {
      api[Symbol.dispose]()
      mesh[Symbol.dispose]()
    }
    await this.#network.clock.run(SETTLED)
    assertEqual(this.#living(), 0, 'authentications that are alive at the end')
    assertEqual(this.#network.clock.pending, 0, 'timers left at the end')
  }

  #sit(id: number): void {
    const { clock } = this.#network
    const { serverRelay = true, authenticates = false, reportLostPeers = false } = this.#options
    const authentication =
      id === SERVER
        ? {
            authenticate: (peer: number) => new Promise<boolean>((resolve) => this.#decisions.set(peer, resolve)),
            authTimeout: AUTH_TIMEOUT,
          }
        : { authenticate: () => true, authTimeout: 0 }
    const seat = new AdmissionSeat(id, { clock, serverRelay, reportLostPeers, ...(authenticates && authentication) })
    this.#seats.set(id, seat)
    seat.api.authentications$.subscribe((actor) => this.#actors.add(actor))
  }

  #seat(id: number): AdmissionSeat {
    const seat = this.#seats.get(id)
    if (seat === undefined) throw new Error(`There is no peer ${id}.`)
    return seat
  }

  /** A client begins to connect. */
  #dial(id: number): WebRTCPeerConnection {
    const connection = new (this.#network.host(`client-${id}`).PeerConnection)()
    const { mesh } = this.#seat(id)
    mesh.createClient(id)
    mesh.addPeer(connection, SERVER)
    this.#connections.set(id, connection)
    return connection
  }

  #connect(id: number): void {
    const connection = this.#dial(id)
    const other = new (this.#network.host('server').PeerConnection)()
    this.#seat(SERVER).mesh.addPeer(other, id)
    connectPair(other, connection)
  }

  #tryToConnect(id: number, code: ReturnType<typeof admissionModelRefusal>): void {
    const connection = new (this.#network.host('server').PeerConnection)()
    if (code !== null) assertThrows(() => this.#seat(SERVER).mesh.addPeer(connection, id), 'CONNECT', code)
    connection.close()
  }

  /** Section 7: only the server tells who is there, and it cannot make a client believe in itself, in an impossible peer, or that the server is gone. */
  #forge({ context: { admitted } }: AdmissionModelState): void {
    for (const id of admitted) {
      for (const kind of ['add-peer', 'del-peer'] as const) {
        this.#seat(id).mesh.send(encodeScenePacket({ kind, peer: 9 }), { to: SERVER })
        for (const peer of kind === 'add-peer' ? [id, SERVER, 0, -5] : [id, SERVER, 9]) {
          this.#seat(SERVER).mesh.send(encodeScenePacket({ kind, peer }), { to: id })
        }
      }
    }
  }

  #peersOf(id: number, { context: { admitted } }: AdmissionModelState): readonly number[] {
    if (id === SERVER) return admitted
    if (!admitted.includes(id)) return []
    const { serverRelay = true } = this.#options
    return [SERVER, ...(serverRelay ? admitted.filter((other) => other !== id) : [])]
  }

  #living(): number {
    return [...this.#actors].filter((actor) => actor.getSnapshot().status === 'active').length
  }

  /** Everybody who is here sends to everyone: it reaches those whom they know, and nobody else. */
  async #checkPackets(state: AdmissionModelState): Promise<void> {
    const expected: string[] = []
    for (const [id, { api }] of this.#seats) {
      const peers = this.#peersOf(id, state)
      if (peers.length === 0) continue
      api.sendBytes(Uint8Array.of(id))
      expected.push(...peers.map((peer) => `${id} to ${peer}`))
    }
    await this.#network.clock.run(SETTLED)
    const found = [...this.#seats.values()].flatMap(({ packets }) => packets.splice(0))
    assertEqual(found.sort(), expected.sort(), 'packets that arrived')
  }
}
