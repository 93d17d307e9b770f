import type { TransferMode } from 'webrtc-multiplayer'
import { type JoinedLobby, joinLobby } from 'webrtc-multiplayer/lobby'

/** What the page's server tells of the lobby that belongs to it. */
interface Place {
  readonly lobby: string
  /** The extra channels of its mesh. */
  readonly channels?: readonly TransferMode[]
}

/** Joins the lobby of the server that the page comes from. */
export async function enterLobby(signal: AbortSignal): Promise<JoinedLobby> {
  const { lobby, channels = [] } = await findPlace(signal)
  return joinLobby(new URL('lobby', location.href).href, { lobby, create: { onHostLeave: 'keep' }, channels, signal })
}

async function findPlace(signal: AbortSignal): Promise<Place> {
  const response = await fetch('lobby.json', { signal }).catch((cause: unknown) => {
    throw new Error('The lobby cannot be reached.', { cause })
  })
  if (!response.ok) throw new Error('The server of this page has no lobby.')
  return (await response.json()) as Place
}
