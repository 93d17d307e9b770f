import { first, merge, take } from 'rxjs'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { connectPair } from '../../../src/testing/connect-pair.ts'
import { meshModelRefusal } from '../../../src/testing/models/mesh-model-events.ts'
import type {
  MeshModelEmitted,
  MeshModelEvent,
  MeshModelOptions,
  MeshModelState,
  MeshModelStatus,
} from '../../../src/testing/models/mesh-model-types.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { assertEqual, assertThrows, assertTrue } from '../../../src/testing/transport-acceptance/assertions.ts'
import { ConnectionState } from '../../../src/transport/states.ts'
import { heardOf, listen } from './heard.ts'
import { Life } from './life.ts'
import type { ModelWorld } from './model-world.ts'
import { PacketProbe } from './packet-probe.ts'

const STATE_OF_STAGE = {
  dialing: 'new',
  waiting: 'channelsOpen',
  announced: 'connected',
  draining: 'draining',
} as const

interface SeenPeer {
  readonly id: number
  readonly state: string
  readonly connected: boolean
}

const peersOf = ({ context: { peers } }: MeshModelState): readonly SeenPeer[] =>
  peers.map(({ id, stage }) => ({
    id,
    state: STATE_OF_STAGE[stage],
    connected: stage === 'waiting' || stage === 'announced',
  }))

const statusOf = ({ value }: MeshModelState): MeshModelStatus =>
  value === 'connected' ? 'CONNECTED' : value === 'connecting' ? 'CONNECTING' : 'DISCONNECTED'

/** Leads a mesh with bare connections at the other ends along paths of `meshModel`, and compares everything that can be seen of it. */
export class MeshDriver implements PathDriver<MeshModelState, MeshModelEvent, MeshModelEmitted> {
  readonly mesh: WebRTCMultiplayerPeer
  readonly #world: ModelWorld
  readonly #options: MeshModelOptions
  readonly #heard: string[] = []
  readonly #expected: string[] = ['status DISCONNECTED']
  readonly #lives = new Map<number, Life>()
  readonly #gone = new Map<number, Life[]>()
  readonly #packets: PacketProbe
  #births = 0
  #heardAtReturn: number | null = null

  constructor(world: ModelWorld, options: MeshModelOptions) {
    this.#world = world
    this.#options = options
    const { onServerLost = 'stay' } = options
    this.mesh = new WebRTCMultiplayerPeer({ ...world.options, onServerLost })
    listen(this.mesh, this.#heard)
    this.#packets = new PacketProbe(this.mesh)
  }

  async act(event: MeshModelEvent): Promise<void> {
    switch (event.type) {
      case 'START':
        this.#start()
        break
      case 'ADD':
        this.#add(event.id)
        break
      case 'REMOVE':
        assertTrue(this.mesh.removePeer(event.id), 'removePeer says that there was such a peer')
        break
      case 'DISCONNECT':
        assertTrue(this.mesh.disconnectPeer(event.id), 'disconnectPeer says that there was such a peer')
        break
      case 'FORCE':
        assertTrue(this.mesh.disconnectPeer(event.id, true), 'disconnectPeer says that there was such a peer')
        break
      case 'CLOSE':
        void this.mesh.close()
        assertEqual(ConnectionStatus[this.mesh.connectionStatus], 'DISCONNECTED', 'the status when close returns')
        break
      default:
        await this.#happen(event)
        return
    }
    this.#heardAtReturn = this.#heard.length
  }

  /** What the model refuses is tried where it can be: calls are made, and the transports of peers that are gone speak once more. */
  async attempt(event: MeshModelEvent, state: MeshModelState): Promise<void> {
    switch (event.type) {
      case 'START':
      case 'ADD':
      case 'ADD_REFUSED': {
        const code = meshModelRefusal(this.#options, state, event)
        const call = event.type === 'START' ? () => this.#start() : () => this.#tryToAdd(event)
        if (code === null) call()
        else assertThrows(call, event.type, code)
        break
      }
      case 'REMOVE':
        assertTrue(!this.mesh.removePeer(event.id), 'removePeer says that there is no such peer')
        break
      case 'DISCONNECT':
      case 'FORCE':
        assertTrue(
          !this.mesh.disconnectPeer(event.id, event.type === 'FORCE'),
          'disconnectPeer says that there is no such peer',
        )
        break
      case 'CLOSE':
        await this.act(event)
        break
      case 'TIME_OUT':
        await this.#world.simulated?.timeOut(event.of)
        break
      default:
        await this.#happenToGone(event)
    }
  }

  /** The transports of former peers of this id, from which a new one may have taken it over, speak once more. */
  speakOfGone(id: number): void {
    for (const { local, remote, remoteChannels } of this.#gone.get(id) ?? []) {
      this.#world.simulated?.waver(local)
      for (const channel of remoteChannels) channel.close()
      remote.close()
      this.#world.end(local)
    }
  }

  /** The event, and whoever hears first that a peer is there or gone closes the mesh, in the middle of what else is to be said. */
  async actClosingOnSignal(event: MeshModelEvent): Promise<void> {
    const subscription = merge(this.mesh.peerConnected$, this.mesh.peerDisconnected$)
      .pipe(take(1))
      .subscribe(() => void this.mesh.close())
    await this.act(event)
    await this.#world.settle()
    subscription.unsubscribe()
  }

  /** The peer opens, and whoever watches its state replaces it by another of the same id before its mesh has heard of that. */
  async openReplacing(id: number): Promise<void> {
    const subscription = this.mesh
      .peer(id)
      .state$.pipe(first((state) => state === 'channelsOpen'))
      .subscribe(() => {
        this.mesh.removePeer(id)
        this.#retire([...this.mesh.getPeers().keys()])
        this.#add(id)
      })
    await this.act({ type: 'OPEN', id })
    await this.#world.settle()
    subscription.unsubscribe()
  }

  async check(state: MeshModelState, emitted: readonly MeshModelEmitted[]): Promise<void> {
    this.#expected.push(...emitted.map(heardOf))
    // Whoever calls has heard what the call leads to when it returns.
    if (this.#heardAtReturn !== null)
      assertEqual(this.#heardAtReturn, this.#expected.length, 'signals when the call returned')
    this.#heardAtReturn = null
    await this.#world.until(() => this.#isAs(state))
    assertEqual(this.#heard, this.#expected, 'what was heard')
    assertEqual(this.#peersSeen(), peersOf(state), 'the peers and their states')
    assertEqual(ConnectionStatus[this.mesh.connectionStatus], statusOf(state), 'the status')
    assertEqual(
      this.mesh.isServer,
      state.value !== 'unstarted' && this.#options.uniqueId === 1,
      'whether it is the server',
    )
    this.#checkActors(state)
    this.#retire(state.context.peers.map(({ id }) => id))
    assertEqual(
      [...this.mesh.getPeers().keys()],
      [...this.#lives.keys()],
      'the peers in the order in which they were added',
    )
    this.#checkLetGo()
    await this.#packets.check(state.context.peers, this.#lives, this.#world)
  }

  /** Ends everything, and checks that nothing is left of it. */
  async dispose(): Promise<void> {
    this.mesh[Symbol.dispose]()
    this.#retire([])
    const lives = [...this.#gone.values()].flat()
    for (const { remote } of lives) remote.close()
    await this.#world.until(() => lives.every(({ local }) => local.connectionState === ConnectionState.CLOSED))
    await this.#world.settle()
    if (this.#expected.findLast((text) => text.startsWith('status')) !== 'status DISCONNECTED') {
      this.#expected.push('status DISCONNECTED')
    }
    assertEqual(this.#heard, this.#expected, 'what was heard at the end')
    assertTrue(
      lives.every(({ local }) => local.connectionState === ConnectionState.CLOSED),
      'every connection is closed at the end',
    )
    if (this.#world.simulated) assertEqual(this.#world.simulated.pendingTimers(), 0, 'timers left at the end')
  }

  #start(): void {
    const { mode, uniqueId, serverCompatibility } = this.#options
    if (serverCompatibility !== undefined) this.mesh.initialize(uniqueId, serverCompatibility)
    else if (mode === 'mesh') this.mesh.createMesh(uniqueId)
    else if (mode === 'server') this.mesh.createServer()
    else this.mesh.createClient(uniqueId)
  }

  #add(id: number): void {
    const life = new Life(this.#world, `remote ${id}, ${++this.#births}`)
    this.mesh.refuseNewConnections = false
    this.mesh.addPeer(life.local, id)
    this.#lives.set(id, life)
  }

  /** Nothing may come of it: the connection is not the mesh's. Who refuses goes on refusing, and what was added before connects all the same. */
  #tryToAdd(event: { type: 'ADD' | 'ADD_REFUSED'; id: number }): void {
    const connection = this.#world.makeLocal()
    this.mesh.refuseNewConnections = event.type === 'ADD_REFUSED'
    try {
      this.mesh.addPeer(connection, event.id)
    } finally {
      assertEqual(this.#world.letGo(connection) ?? 0, 0, 'how often a refused connection was let go')
      connection.close()
    }
  }

  async #happen(event: Exclude<MeshModelEvent, { type: 'START' | 'CLOSE' }>): Promise<void> {
    if (event.type === 'TIME_OUT') {
      await this.#world.simulated?.timeOut(event.of)
      return
    }
    const life = this.#lives.get(event.id)
    if (!life) throw new Error(`There is no peer ${event.id} to which ${event.type} could happen.`)
    if (event.type === 'OPEN') {
      connectPair(life.local, life.remote)
      await this.#world.until(() => life.isOpenThere)
    } else if (event.type === 'LOST') await this.#lose(life, event.state)
    else if (event.type === 'CHANNEL_CLOSES') this.#closeChannel(life, event.id, event.channel)
    else if (event.type === 'WAVERS') this.#world.simulated?.waver(life.local)
    else if (event.type === 'HEALS') this.#world.simulated?.heal(life.local)
  }

  async #lose({ local, remote, host }: Life, state: 'DISCONNECTED' | 'FAILED' | 'CLOSED'): Promise<void> {
    if (state === 'CLOSED') this.#world.end(local)
    else if (state === 'DISCONNECTED') remote.close()
    else {
      // A peer that dies while it is dialed has answered before.
      if (local.connectionState === ConnectionState.NEW) connectPair(local, remote)
      await this.#world.simulated?.kill(host)
    }
  }

  #closeChannel(life: Life, id: number, channel: number): void {
    if (life.isUp || life.local.connectionState === ConnectionState.DISCONNECTED) life.remoteChannels[channel]?.close()
    else this.mesh.getPeer(id).channels[channel]?.close()
  }

  #peersSeen(): readonly SeenPeer[] {
    return [...this.mesh.getPeers()]
      .map(([id, { connected }]) => ({ id, state: this.mesh.peer(id).state, connected }))
      .sort((a, b) => a.id - b.id)
  }

  #isAs(state: MeshModelState): boolean {
    return (
      this.#heard.length >= this.#expected.length &&
      JSON.stringify(this.#peersSeen()) === JSON.stringify(peersOf(state)) &&
      ConnectionStatus[this.mesh.connectionStatus] === statusOf(state)
    )
  }

  /** Peers that are in the mesh no more are gone, with their connections; another may have the same id later. */
  #retire(peers: readonly number[]): void {
    for (const [id, life] of this.#lives) {
      if (peers.includes(id)) continue
      this.#lives.delete(id)
      this.#gone.set(id, [...(this.#gone.get(id) ?? []), life])
    }
  }

  async #happenToGone(event: Extract<MeshModelEvent, { id: number }>): Promise<void> {
    const draining = this.mesh.hasPeer(event.id) && this.mesh.peer(event.id).state === 'draining'
    if (draining && event.type === 'CHANNEL_CLOSES') {
      this.#lives.get(event.id)?.remoteChannels[event.channel]?.close()
    }
    for (const life of this.#gone.get(event.id) ?? []) {
      if (event.type === 'LOST' && event.state !== 'FAILED') await this.#lose(life, event.state)
      if (event.type === 'CHANNEL_CLOSES') life.remoteChannels[event.channel]?.close()
      if (event.type === 'WAVERS') this.#world.simulated?.waver(life.local)
      if (event.type === 'HEALS') this.#world.simulated?.heal(life.local)
    }
  }

  #checkActors({ context: { peers } }: MeshModelState): void {
    const { children } = this.mesh.actor.getSnapshot() as unknown as { children: Readonly<Record<string, unknown>> }
    const actors = Object.keys(children).sort()
    assertEqual(actors, peers.map(({ id }) => `peer:${id}`).sort(), 'the living actors')
  }

  #checkLetGo(): void {
    for (const { local } of this.#lives.values())
      assertEqual(this.#world.letGo(local) ?? 0, 0, 'lettings go of a living peer')
    for (const { local } of [...this.#gone.values()].flat()) {
      assertEqual(this.#world.letGo(local) ?? 1, 1, 'lettings go of a peer that is gone')
    }
  }
}
