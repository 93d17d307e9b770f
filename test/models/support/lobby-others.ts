import { joinLobby } from '../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../src/services/lobby/client/joined-lobby.ts'
import type {
  LobbySessionModelMember,
  LobbySessionModelOptions,
} from '../../../src/testing/models/lobby-session-model-types.ts'
import { type LobbyWorld, URL_OF_WORLD } from '../../services/lobby/client/support/lobby-world.ts'

type Name = LobbySessionModelMember

/** The other sessions in the lobby of a `LobbySessionDriver`. */
export class LobbyOthers {
  /** Name of the lobby, once there is one. */
  lobby: string | undefined
  readonly #world: LobbyWorld
  readonly #options: LobbySessionModelOptions
  readonly #sessions = new Map<Name, JoinedLobby>()
  /** Also of those who have left. */
  readonly #names = new Map<number, Name>()

  constructor(world: LobbyWorld, options: LobbySessionModelOptions) {
    this.#world = world
    this.#options = options
  }

  get sessions(): readonly JoinedLobby[] {
    return [...this.#sessions.values()]
  }

  get entries(): Iterable<[Name, JoinedLobby]> {
    return this.#sessions
  }

  has(who: Name): boolean {
    return this.#sessions.has(who)
  }

  nameOf(id: number): Name | undefined {
    return this.#names.get(id)
  }

  async join(who: Name): Promise<void> {
    const session = await this.#world.settle(this.tryToJoin(who))
    this.lobby = session.lobby
    this.#sessions.set(who, session)
    this.#names.set(session.id, who)
  }

  tryToJoin(who: Name): Promise<JoinedLobby> {
    const options = who === 'host' ? this.creation() : this.joining()
    return joinLobby(URL_OF_WORLD, this.#world.options(who, options))
  }

  async leave(who: Name): Promise<void> {
    const session = this.#sessions.get(who)
    if (session === undefined) throw new Error(`There is no ${who} in the lobby.`)
    await this.#world.settle(session.leave())
    this.#sessions.delete(who)
  }

  /** Options of whoever creates the lobby. */
  creation(): JoinLobbyOptions {
    const { onHostLeave } = this.#options
    return { create: onHostLeave === undefined ? true : { onHostLeave } }
  }

  /** Options of whoever joins it. */
  joining(): JoinLobbyOptions {
    return { lobby: this.lobby ?? '' }
  }
}
