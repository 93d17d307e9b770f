import type { PeerState } from '../../../src/machines/peer-state.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { connectPair } from '../../../src/testing/connect-pair.ts'
import type { PeerModelEmitted, PeerModelEvent, PeerModelState } from '../../../src/testing/models/peer-model.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { assertEqual } from '../../../src/testing/transport-acceptance/assertions.ts'
import { ConnectionState } from '../../../src/transport/states.ts'
import { listen } from './heard.ts'
import { Life } from './life.ts'
import type { ModelWorld } from './model-world.ts'

const ID = 2
const SERVER = 1

/**
 * Leads one peer of a real mesh along paths of `peerModel`. The mesh has server compatibility, so that it announces the peer when the test wants it to: ADMIT is the server, which opens.
 */
export class PeerDriver implements PathDriver<PeerModelState, PeerModelEvent, PeerModelEmitted> {
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #world: ModelWorld
  readonly #life: Life
  readonly #server: Life
  readonly #entered: PeerState[] = []
  readonly #expected: PeerState[] = ['new']
  readonly #heard: string[] = []
  #isLost = false
  /** Signals that the other side has not got yet. */
  #held: (() => void)[] | null = null

  constructor(world: ModelWorld) {
    this.#world = world
    this.#mesh = new WebRTCMultiplayerPeer(world.options)
    listen(this.#mesh, this.#heard)
    this.#mesh.initialize(5, true)
    this.#life = new Life(world, `remote ${ID}`)
    this.#server = new Life(world, `remote ${SERVER}`)
    this.#mesh.addPeer(this.#life.local, ID)
    this.#mesh.peer(ID).state$.subscribe((state) => this.#entered.push(state))
  }

  /** What can be made to happen through the network: all channels open at once, and a connection is DISCONNECTED only once it was up. */
  static isPossible({ value, context: { connection } }: PeerModelState, { type }: PeerModelEvent): boolean {
    if (value === 'closed') return true
    const isUp = connection === 'CONNECTED' || connection === 'DISCONNECTED'
    if (type === 'DISCONNECTED' || type === 'CONNECTED' || type === 'FAILED') return isUp
    if (type === 'ADMIT') return value === 'channelsOpen'
    return type !== 'CHANNEL_OPENS' && (type !== 'OPENS' || !isUp)
  }

  async act(event: PeerModelEvent): Promise<void> {
    const { local, remote, remoteChannels, host } = this.#life
    this.#isLost ||= event.type === 'FAILED' || event.type === 'CLOSED'
    switch (event.type) {
      case 'CONNECTING':
        this.#held = []
        connectPair(local, remote, { carry: (deliver) => (this.#held ? this.#held.push(deliver) : deliver()) })
        break
      case 'OPENS':
        if (this.#held === null) connectPair(local, remote)
        for (const deliver of this.#held ?? []) deliver()
        this.#held = null
        await this.#world.until(() => this.#life.isOpenThere)
        break
      case 'ADMIT':
        this.#mesh.addPeer(this.#server.local, SERVER)
        connectPair(this.#server.local, this.#server.remote)
        await this.#world.until(() => this.#server.isOpenThere)
        break
      case 'DISCONNECTED':
        this.#world.simulated?.waver(local)
        break
      case 'CONNECTED':
        this.#world.simulated?.heal(local)
        break
      case 'CLOSED':
        this.#world.end(local)
        break
      case 'FAILED':
        await this.#world.simulated?.kill(host)
        break
      case 'CHANNEL_CLOSES':
        if (this.#isUp) remoteChannels[event.channel]?.close()
        else if (this.#mesh.hasPeer(ID)) this.#mesh.getPeer(ID).channels[event.channel]?.close()
        break
      case 'END':
        if (event.reason === 'removed') this.#mesh.removePeer(ID)
        else if (event.reason === 'mesh-closed') void this.#mesh.close()
        else this.#mesh.disconnectPeer(ID, event.reason === 'forced')
        break
      case 'TIME_PASSES':
        await this.#world.simulated?.passUnit()
        break
      default:
        throw new Error(`${event.type} cannot be made to happen here.`)
    }
  }

  /** Of a peer that is gone, the transport may speak once more. */
  async attempt(event: PeerModelEvent, { value, context: { reason } }: PeerModelState): Promise<void> {
    if (value !== 'closed') return
    // A mesh that is closed has no peers that could be removed or admitted.
    if (event.type === 'END' && event.reason === 'mesh-closed' && reason !== 'mesh-closed') return
    if (['CONNECTING', 'OPENS', 'ADMIT', 'CHANNEL_OPENS'].includes(event.type)) return
    await this.act(event)
  }

  async check({ value, context: { reason } }: PeerModelState, emitted: readonly PeerModelEmitted[]): Promise<void> {
    this.#expected.push(...emitted.map(({ state }) => state))
    const isClosed = value === 'closed'
    await this.#world.until(
      () =>
        this.#told(this.#entered).length >= this.#told(this.#expected).length &&
        (!isClosed || this.#life.local.connectionState === ConnectionState.CLOSED),
    )
    assertEqual(this.#told(this.#entered), this.#told(this.#expected), 'the states of the peer')
    assertEqual(this.#mesh.hasPeer(ID), !isClosed, 'whether the peer is in the mesh')
    const wasAnnounced = this.#expected.includes('connected')
    const isTold = reason !== 'forced' && reason !== 'mesh-closed'
    assertEqual(this.#count('peerConnected'), wasAnnounced ? 1 : 0, 'how often it was announced')
    assertEqual(this.#count('peerDisconnected'), isClosed && wasAnnounced && isTold ? 1 : 0, 'how often it was lost')
    assertEqual(this.#count('peerRemoved'), isClosed && reason !== 'mesh-closed' ? 1 : 0, 'how often it was removed')
    assertEqual(
      this.#world.letGo(this.#life.local) ?? Number(isClosed),
      isClosed ? 1 : 0,
      'how often the connection was let go',
    )
    if (isClosed) assertEqual(this.#life.local.connectionState, ConnectionState.CLOSED, 'the state of the connection')
  }

  async dispose(): Promise<void> {
    this.#mesh[Symbol.dispose]()
    for (const { local, remote } of [this.#life, this.#server]) {
      local.close()
      remote.close()
    }
    await this.#world.settle()
    assertEqual(this.#world.simulated?.pendingTimers() ?? 0, 0, 'timers left at the end')
  }

  get #isUp(): boolean {
    const { connectionState } = this.#life.local
    return connectionState === ConnectionState.CONNECTED || connectionState === ConnectionState.DISCONNECTED
  }

  /** A connection that is lost may tell of its channels first: then the peer begins to drain, for no time. */
  #told(states: readonly PeerState[]): readonly PeerState[] {
    return this.#isLost ? states.filter((state) => state !== 'draining') : states
  }

  #count(signal: string): number {
    return this.#heard.filter((text) => text.startsWith(`${signal}(${ID}`)).length
  }
}
