import type { TransferMode } from 'webrtc-multiplayer'
import { type JoinedLobby, joinLobby } from 'webrtc-multiplayer/lobby'

/** What the page's server tells of the lobby that belongs to it. */
interface Place {
  readonly lobby: string
  /** The extra channels of its mesh. */
  readonly channels?: readonly TransferMode[]
  /** An inspector that wants to know what happens here. */
  readonly inspector?: string | null
}

/** Joins the lobby of the server that the page comes from. */
export async function enterLobby(signal: AbortSignal): Promise<JoinedLobby> {
  const { lobby, channels = [], inspector } = await findPlace(signal)
  const url = new URL('lobby', location.href).href
  const joined = await joinLobby(url, { lobby, create: { onHostLeave: 'keep' }, channels, signal })
  if (inspector) void report(joined, inspector, signal)
  return joined
}

/** Loaded only where there is an inspector. */
async function report(joined: JoinedLobby, inspector: string, signal: AbortSignal): Promise<void> {
  const { reportTo } = await import('webrtc-multiplayer/inspector')
  if (!signal.aborted) reportTo(inspector, { name: 'a visitor', signal }).watch(joined)
}

async function findPlace(signal: AbortSignal): Promise<Place> {
  const response = await fetch('lobby.json', { signal }).catch((cause: unknown) => {
    throw new Error('The lobby cannot be reached.', { cause })
  })
  if (!response.ok) throw new Error('The server of this page has no lobby.')
  return (await response.json()) as Place
}
