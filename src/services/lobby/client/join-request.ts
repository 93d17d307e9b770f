import type { CreateData } from '../../../protocol/lobby/extension.ts'
import { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { ResolvedJoinOptions } from './join-options.ts'
import type { LobbyConnection } from './lobby-connection.ts'
import { plainServerError } from './lobby-errors.ts'

/** What Godot's JOIN calls a mesh; anything else is a lobby of clients and a server. */
const MESH = 0
const CLIENT_SERVER = 1

type Wish = Pick<ResolvedJoinOptions, 'lobby' | 'create' | 'mode'>

/** Whether only a server of this package can do what is wished for; see {@link sendJoin}. */
export function needsExtension({ lobby, create }: Wish, known: string): boolean {
  return known === '' && create !== undefined && (create !== true || lobby !== undefined)
}

/**
 * Asks for a place in a lobby.
 *
 * @param known - the name of the lobby where this side has had a place; empty if it had none.
 * @throws MultiplayerError `ERR_UNAVAILABLE` if the server cannot do what the options ask for.
 */
export function sendJoin(connection: LobbyConnection, wish: Wish, known: string): void {
  const { lobby, create, mode } = wish
  const flag = mode === 'mesh' ? MESH : CLIENT_SERVER
  if (known !== '') {
    connection.send(LobbyMessageType.JOIN, flag, known)
  } else if (!needsExtension(wish, known)) {
    connection.send(LobbyMessageType.JOIN, flag, lobby ?? '')
  } else if (!connection.isExtended) {
    throw plainServerError()
  } else {
    const data: CreateData = {
      mode,
      ...(lobby !== undefined && { name: lobby, orJoin: true }),
      ...(create !== true && create),
    }
    connection.send(LobbyMessageType.CREATE, 0, JSON.stringify(data))
  }
}
