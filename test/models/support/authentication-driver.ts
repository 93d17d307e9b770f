import { connectPair, SimulatedNetwork } from '../../../src/testing/index.ts'
import { authenticationModelRefusal } from '../../../src/testing/models/authentication-model-events.ts'
import type {
  AuthenticationModelEmitted,
  AuthenticationModelEvent,
  AuthenticationModelMessage,
  AuthenticationModelOptions,
  AuthenticationModelSide,
  AuthenticationModelStage,
  AuthenticationModelState,
} from '../../../src/testing/models/authentication-model-types.ts'
import { AUTHENTICATION_MODEL_TIMES } from '../../../src/testing/models/authentication-model-side.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { assertEqual, assertThrows } from '../../../src/testing/transport-acceptance/assertions.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { AuthenticatingPeer } from './authenticating-peer.ts'

/** Milliseconds: of a unit of time, and after which everything on a perfect network has happened. */
const UNIT = 1_000_000
const SETTLED = 100

const BYTES: Readonly<Record<AuthenticationModelMessage, readonly number[]>> = {
  done: [7, 0],
  data: [7, 0, 1],
  poison: [7, 0, 0xff],
  game: [3, 9],
  forged: [7, 1, 9, 0, 0, 0],
  malformed: [7],
}

const SIDES: readonly AuthenticationModelSide[] = ['a', 'b']

/** What is heard, as an `AuthenticatingPeer` notes it. */
function heardOf(said: AuthenticationModelEmitted): string[] {
  switch (said.type) {
    case 'failed':
      return [`failure ${said.reason} ${said.heard ? 'heard' : 'unheard'}`, 'authenticationFailed']
    case 'counted':
      return []
    default:
      return [said.type]
  }
}

/** Leads two APIs over a mesh of two along paths of `authenticationModel`. */
export class AuthenticationDriver implements PathDriver<
  AuthenticationModelState,
  AuthenticationModelEvent,
  AuthenticationModelEmitted
> {
  readonly #network = new SimulatedNetwork({ latency: 5 })
  readonly #peers: Readonly<Record<AuthenticationModelSide, AuthenticatingPeer>>
  readonly #connections: WebRTCPeerConnection[] = []
  readonly #expected: Record<AuthenticationModelSide, string[]> = { a: [], b: [] }
  readonly #counted: Record<AuthenticationModelSide, Map<string, number>> = { a: new Map(), b: new Map() }

  constructor(options: AuthenticationModelOptions) {
    const { clock } = this.#network
    const peer = (side: AuthenticationModelSide) =>
      new AuthenticatingPeer({
        clock,
        id: side === 'a' ? 1 : 2,
        way: options[side],
        timeout: AUTHENTICATION_MODEL_TIMES[side] * UNIT - UNIT / 2,
      })
    this.#peers = { a: peer('a'), b: peer('b') }
  }

  async act(event: AuthenticationModelEvent): Promise<void> {
    switch (event.type) {
      case 'CONNECT':
        this.#connect()
        break
      case 'LOST':
        this.#connections.at(-1)?.close()
        break
      case 'TIME_PASSES':
        await this.#network.clock.run(UNIT)
        break
      case 'SEND':
        this.#peers[event.side].send(Uint8Array.of(1))
        break
      case 'COMPLETE':
        this.#peers[event.side].complete()
        break
      case 'REFUSE':
        this.#peers[event.side].refuse()
        break
      case 'DISCONNECT':
        assertEqual(this.#peers[event.side].disconnect(), true, 'what disconnectPeer says')
        break
      case 'RAW':
        this.#peers[event.side].sendRaw(BYTES[event.what])
        break
    }
    await this.#network.clock.run(SETTLED)
  }

  async attempt(event: AuthenticationModelEvent, state: AuthenticationModelState): Promise<void> {
    switch (event.type) {
      case 'SEND':
      case 'COMPLETE': {
        const { [event.side]: peer } = this.#peers
        const code = authenticationModelRefusal(state, event)
        if (code === null) throw new Error(`${event.type} is a call that this state should refuse`)
        const call = event.type === 'SEND' ? () => peer.callSendAuth() : () => peer.callCompleteAuth()
        assertThrows(call, event.type, code)
        break
      }
      case 'REFUSE':
        this.#peers[event.side].refuse()
        break
      case 'DISCONNECT':
        assertEqual(this.#peers[event.side].disconnect(), false, 'what disconnectPeer says')
        break
      case 'LOST':
      case 'TIME_PASSES':
        await this.act(event)
        break
      case 'CONNECT':
      case 'RAW':
        // Those that are connected cannot be connected again, and those that are not cannot send.
        break
    }
    await this.#network.clock.run(SETTLED)
  }

  check({ value }: AuthenticationModelState, emitted: readonly AuthenticationModelEmitted[]): void {
    for (const side of SIDES) {
      const { [side]: expected } = this.#expected
      const { [side]: counted } = this.#counted
      for (const said of emitted) {
        if (said.side !== side) continue
        expected.push(...heardOf(said))
        if (said.type === 'counted') counted.set(said.kind, (counted.get(said.kind) ?? 0) + 1)
      }
      const { [side]: peer } = this.#peers
      const stage: AuthenticationModelStage = value[side]
      const isPending = typeof stage === 'object'
      const others = [side === 'a' ? 2 : 1]
      assertEqual(peer.heard, expected, `what ${side} heard`)
      assertEqual(peer.api.getPeers(), stage === 'admitted' ? others : [], `whom ${side} has admitted`)
      assertEqual(peer.api.getAuthenticatingPeers(), isPending ? others : [], `who authenticates at ${side}`)
      assertEqual(peer.actorStates(), isPending ? [stage.pending] : [], `the authentications of ${side}`)
      assertEqual(peer.mesh.getPeers().size, stage === 'away' ? 0 : 1, `the connections of ${side}`)
      assertEqual(sorted(peer.api.stats().violations), sorted(Object.fromEntries(counted)), `what ${side} has counted`)
      const hasFailed = emitted.some((said) => said.side === side && said.type === 'failed')
      if (stage !== 'away') assertEqual(peer.isAborted, false, `whether the signal of ${side} is aborted`)
      if (hasFailed) assertEqual(peer.isAborted, peer.hasChannel, `whether the signal of ${side} is aborted`)
    }
  }

  async dispose(): Promise<void> {
    for (const side of SIDES) this.#peers[side][Symbol.dispose]()
    await this.#network.clock.run(SETTLED)
    for (const side of SIDES) {
      assertEqual(this.#peers[side].actorStates(), [], `the authentications of ${side} at the end`)
      assertEqual(this.#peers[side].waiting, 0, `what ${side} still waits for at the end`)
    }
    assertEqual(this.#network.clock.pending, 0, 'timers left at the end')
  }

  #connect(): void {
    const connections = SIDES.map((side) => new (this.#network.host(side).PeerConnection)())
    const [left, right] = connections as [WebRTCPeerConnection, WebRTCPeerConnection]
    this.#connections.push(left, right)
    this.#peers.a.mesh.addPeer(left, 2)
    this.#peers.b.mesh.addPeer(right, 1)
    connectPair(left, right)
  }
}

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
