import { checkWhole } from '../../../checks.ts'
import { type LobbySummary, parseExtension } from '../../../protocol/lobby/extension.ts'
import { LobbyMessageType, messageTypeOf } from '../../../protocol/lobby/message.ts'
import { type LobbyServerOptions, resolveServerOptions } from './join-options.ts'
import type { LobbyConnection } from './lobby-connection.ts'
import { closeError, plainServerError, refusalIn } from './lobby-errors.ts'
import { openConnection } from './open-connection.ts'
import { PendingReplies } from './pending-replies.ts'

/** Options of {@link listLobbies}. */
export interface ListLobbiesOptions extends LobbyServerOptions {
  /** At most so many, 1 to 100. Default 100. */
  limit?: number
}

const MAX_LIMIT = 100

/**
 * Lists the lobbies of a server that were created with `listed` and that one can join.
 *
 * @throws MultiplayerError `ERR_UNAVAILABLE` if the server speaks Godot's demo protocol alone, which has no list; else as {@link joinLobby}.
 */
export async function listLobbies(
  url: string,
  { limit = MAX_LIMIT, ...options }: ListLobbiesOptions = {},
): Promise<LobbySummary[]> {
  checkWhole('limit', limit, 1, MAX_LIMIT)
  const address = resolveServerOptions(url, options)
  const signal = options.signal ?? new AbortController().signal
  const connection = await openConnection(address, signal, true)
  try {
    if (!connection.isExtended) throw plainServerError()
    return await ask(connection, limit, new PendingReplies(address.clock, address.timeout), signal)
  } finally {
    connection.close()
  }
}

async function ask(
  connection: LobbyConnection,
  limit: number,
  replies: PendingReplies,
  signal: AbortSignal,
): Promise<LobbySummary[]> {
  let lobbies: LobbySummary[] = []
  await replies.wait('list', signal, () => {
    connection.listen({
      message: (message) => {
        if (message === null) return
        const refusal = refusalIn(message)
        if (refusal !== null) replies.fail(refusal)
        if (messageTypeOf(message) !== LobbyMessageType.LIST) return
        lobbies = readList(parseExtension(message.data))
        replies.settle('list')
      },
      closed: (code, reason) => {
        replies.fail(closeError(code, reason))
      },
    })
    connection.send(LobbyMessageType.LIST, 0, JSON.stringify({ limit }))
  })
  return lobbies
}

function readList(data: unknown): LobbySummary[] {
  return Array.isArray(data) ? data.filter(isSummary) : []
}

function isSummary(value: unknown): value is LobbySummary {
  if (typeof value !== 'object' || value === null) return false
  const { name, mode, members, maxMembers, metadata } = value as Record<string, unknown>
  return (
    typeof name === 'string' &&
    (mode === 'mesh' || mode === 'client-server') &&
    typeof members === 'number' &&
    typeof maxMembers === 'number' &&
    typeof metadata === 'string'
  )
}
