import type { NegotiationActorRef } from '../../../src/machines/negotiation-types.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { parseJson } from '../../../src/protocol/lobby/json-protocol.ts'
import { LobbyMessageType } from '../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../src/services/lobby/client/joined-lobby.ts'
import { lobbyErrorCode } from '../../../src/services/lobby/client/lobby-errors.ts'
import { LobbySession } from '../../../src/services/lobby/client/lobby-session.ts'
import type {
  LobbySessionModelEmitted,
  LobbySessionModelEvent,
  LobbySessionModelMember,
  LobbySessionModelOptions,
  LobbySessionModelState,
  LobbySessionModelTime,
} from '../../../src/testing/models/lobby-session-model-types.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { assertEqual } from '../../../src/testing/transport-acceptance/assertions.ts'
import { connectedTo, LobbyWorld, URL_OF_WORLD } from '../../services/lobby/client/support/lobby-world.ts'
import { MemorySockets } from '../../services/lobby/client/support/memory-sockets.ts'
import { LobbyOthers } from './lobby-others.ts'

/** Milliseconds. Each is longer than all that a path does besides, and than the ones before. */
const TIMES: Readonly<Record<LobbySessionModelTime, number>> = {
  answer: 25_000,
  seal: 1_100_000,
  grace: 3_200_000,
  reconnects: 10_000_000,
}
/** Between two tries to reach the server, and how many: so they end after all other times, each of which may pass twice, and within `reconnects`. */
const PAUSE = 15_000
const RECONNECTS = 600
/** Everything has happened after this. */
const SETTLED = 2_000
/** What a message takes while the session joins, so that something else can come first. */
const SLOW = 300
const JOINED_BY = 6_000

type Name = LobbySessionModelMember

/** Leads a session in a lobby, with a server and other sessions in memory, along paths of `lobbySessionModel`. */
export class LobbySessionDriver implements PathDriver<
  LobbySessionModelState,
  LobbySessionModelEvent,
  LobbySessionModelEmitted
> {
  readonly #options: LobbySessionModelOptions
  readonly #world: LobbyWorld
  /** Those of the session itself. */
  readonly #sockets: MemorySockets
  readonly #others: LobbyOthers
  readonly #negotiations = new Set<NegotiationActorRef>()
  readonly #heard: string[] = []
  readonly #links: string[] = []
  #session: JoinedLobby | null = null
  #abort = new AbortController()
  #joining: Promise<void> = Promise.resolve()

  private constructor(options: LobbySessionModelOptions, world: LobbyWorld) {
    this.#options = options
    this.#world = world
    this.#others = new LobbyOthers(world, options)
    this.#sockets = new MemorySockets(world.clock, world.sockets.server)
  }

  static async start(options: LobbySessionModelOptions): Promise<LobbySessionDriver> {
    const world = await LobbyWorld.start({
      isExtended: options.server === 'extended',
      limits: {
        sealTime: TIMES.seal - 100_000,
        graceTime: TIMES.grace - 200_000,
        heartbeat: 600_000,
        joinTimeout: 60_000,
        extendedJoinTimeout: 60_000,
      },
    })
    const driver = new LobbySessionDriver(options, world)
    if (options.role === 'guest') await driver.#others.join('host')
    return driver
  }

  async act(event: LobbySessionModelEvent): Promise<void> {
    switch (event.type) {
      case 'JOIN':
        this.#begin()
        return
      case 'ANSWERED':
        await this.#world.run(JOINED_BY)
        this.#sockets.disturb = () => [this.#sockets.latency]
        break
      case 'ABORT':
        this.#abort.abort(new Error('aborted'))
        break
      case 'JOINS':
        await this.#others.join(event.who)
        break
      case 'LEAVES':
        await this.#others.leave(event.who)
        break
      case 'SEAL':
        await this.#world.settle(this.#owner().seal())
        break
      case 'SOCKET_LOST':
        this.#sockets.isDown = true
        this.#sockets.cut()
        break
      case 'SERVER_BACK':
        this.#sockets.isDown = false
        await this.#world.run(PAUSE)
        break
      case 'TIME_OUT':
        if (event.of === 'answer') this.#sockets.disturb = (text) => (isWelcome(text) ? [this.#sockets.latency] : [])
        await this.#world.run(TIMES[event.of])
        break
      case 'LEAVE':
        if (this.#session !== null) await this.#world.settle(this.#session.leave())
        break
    }
    await this.#world.run(SETTLED)
  }

  async attempt(event: LobbySessionModelEvent, { value, context }: LobbySessionModelState): Promise<void> {
    switch (event.type) {
      case 'JOINS':
        // To one who has left it makes no difference who joins.
        if (value === 'left' || this.#others.lobby === undefined || this.#others.has(event.who)) break
        assertEqual(
          await this.#refusal(this.#others.tryToJoin(event.who)),
          context.lobby === 'sealed' ? 'lobby-sealed' : 'lobby-not-found',
          'what one who cannot join is told',
        )
        break
      case 'SEAL':
        if (value === 'detached' && context.host === 'self')
          assertEqual(await this.#refusal(this.#session?.seal()), 'ERR_UNAVAILABLE', 'what seal() of a lost lobby says')
        break
      case 'TIME_OUT':
        await this.#world.run(TIMES[event.of])
        break
      case 'LEAVE':
        if (this.#session !== null) await this.act(event)
        break
      // There is nothing that could happen: no attempt to join, no socket, no such other member.
      case 'JOIN':
      case 'ANSWERED':
      case 'ABORT':
      case 'SOCKET_LOST':
      case 'SERVER_BACK':
      case 'LEAVES':
        break
    }
    if (value === 'joined' && context.host !== 'self')
      assertEqual(await this.#refusal(this.#session?.seal()), 'ERR_UNAUTHORIZED', 'what seal() of a guest says')
    await this.#world.run(SETTLED)
  }

  check({ value, context }: LobbySessionModelState, emitted: readonly LobbySessionModelEmitted[]): void {
    const said = emitted.filter(({ type }) => type !== 'connected' && type !== 'disconnected').map(textOf)
    const links = emitted.filter(({ type }) => type === 'connected' || type === 'disconnected').map(textOf)
    assertEqual(this.#heard.splice(0), said, 'what was heard')
    // Of several at once the order is that of the network.
    assertEqual(this.#links.splice(0).sort(), links.sort(), 'which connections came and went')
    if (value !== 'joining' && value !== 'reconnecting')
      assertEqual(this.#sockets.open.size, Number(context.hasSocket), 'sockets that are open')
    if (this.#session === null) return
    const isOver = value === 'outside' || value === 'joining' || value === 'left'
    if (value === 'left') assertEqual(this.#session.peer.getPeers().size, 0, 'peers that are left')
    if (isOver) {
      assertEqual(this.#living(), 0, 'negotiations that are alive')
      return
    }
    const { members, host, error, state } = this.#session
    assertEqual(state, value, 'the state')
    assertEqual(this.#sorted(members), [...context.members].sort(), 'the members')
    assertEqual(this.#nameOf(host), context.host, 'the host')
    assertEqual(this.#session.isHost, context.host === 'self', 'whether it is the host')
    assertEqual(this.#session.id, this.#session.peer.uniqueId, 'the id of the mesh')
    assertEqual(error === null ? null : codeOf(error), context.error, 'why the lobby is lost')
    assertEqual(this.#sorted(connectedTo(this.#session)), [...context.linked].sort(), 'who is connected')
    assertEqual(this.#living(), members.length, 'negotiations that are alive')
    this.#checkOthers(context)
  }

  async dispose(): Promise<void> {
    this.#abort.abort(new Error('over'))
    await this.#world.settle(this.#joining)
    const all = [...this.#others.sessions, ...(this.#session === null ? [] : [this.#session])]
    await this.#world.settle(Promise.all(all.map((lobby) => lobby.leave())))
    await this.#world.end()
    assertEqual(this.#living(), 0, 'negotiations that are alive at the end')
    assertEqual(this.#sockets.open.size, 0, 'sockets that are open at the end')
    assertEqual(this.#world.clock.pending, 0, 'timers left at the end')
  }

  /** Joins, so slowly that something else may come first. */
  #begin(): void {
    this.#sockets.isDown = false
    this.#sockets.disturb = () => [SLOW]
    this.#abort = new AbortController()
    const { role } = this.#options
    const options: JoinLobbyOptions = {
      ...this.#world.options('self', role === 'guest' ? this.#others.joining() : this.#others.creation()),
      WebSocket: this.#sockets.of('self'),
      signal: this.#abort.signal,
      reconnects: RECONNECTS,
      // Each pause is as long as it may be, until the server is back: who may not resume its place then tries once more, to join anew.
      random: () => (this.#sockets.isDown ? 1 : 0),
      backOff: { first: PAUSE, longest: PAUSE },
    }
    this.#joining = joinLobby(URL_OF_WORLD, options).then(
      (session) => {
        this.#begun(session)
      },
      (error: unknown) => {
        this.#heard.push(`refused ${codeOf(error)}`)
      },
    )
  }

  #begun(session: JoinedLobby): void {
    this.#session = session
    this.#others.lobby = session.lobby
    session.state$.subscribe((state) => this.#heard.push(`state ${state}`))
    // For those who inspect; no part of the public interface.
    if (session instanceof LobbySession) session.negotiations$.subscribe((actor) => this.#negotiations.add(actor))
    session.peer.peerConnected$.subscribe((id) => this.#links.push(`connected ${this.#nameOf(id)}`))
    session.peer.peerDisconnected$.subscribe((id) => this.#links.push(`disconnected ${this.#nameOf(id)}`))
  }

  #owner(): JoinedLobby {
    const owner = [...this.#others.sessions, this.#session].find(
      (lobby) => lobby?.isHost === true && lobby.state === 'joined',
    )
    if (!owner) throw new Error('There is no host that could seal the lobby.')
    return owner
  }

  #nameOf(id: number): Name | undefined {
    return id === this.#session?.id ? 'self' : this.#others.nameOf(id)
  }

  #sorted(ids: readonly number[]): (Name | undefined)[] {
    return ids.map((id) => this.#nameOf(id)).sort()
  }

  #living(): number {
    return [...this.#negotiations].filter((actor) => actor.getSnapshot().status === 'active').length
  }

  /** Those who are in the lobby with this side know it, by the id that it has; those that it is connected to have it too. */
  #checkOthers({ present, linked }: LobbySessionModelState['context']): void {
    const id = this.#session?.id ?? 0
    for (const [who, other] of this.#others.entries) {
      if (present.includes(who))
        assertEqual(other.members.includes(id), present.includes('self'), `whether ${who} knows it`)
      assertEqual(connectedTo(other).includes(id), linked.includes(who), `whether ${who} is connected to it`)
    }
  }

  async #refusal(promise: Promise<unknown> | undefined): Promise<string | null> {
    if (promise === undefined) return null
    return this.#world.settle(
      promise.then(
        () => null,
        (error: unknown) => codeOf(error),
      ),
    )
  }
}

/** The first message of an extended server; one that is silent from the start is taken for a plain one. */
function isWelcome(text: string): boolean {
  return parseJson(text)?.type === (LobbyMessageType.WELCOME as number)
}

function textOf(said: LobbySessionModelEmitted): string {
  if (said.type === 'refused') return `refused ${said.reason}`
  return said.type === 'state' ? `state ${said.state}` : `${said.type} ${said.who}`
}

function codeOf(error: unknown): string {
  const code = lobbyErrorCode(error)
  if (code !== null) return code
  return error instanceof MultiplayerError ? error.code : error instanceof Error ? error.message : String(error)
}
