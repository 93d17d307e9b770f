import { type JoinLobbyOptions, resolveJoinOptions } from './join-options.ts'
import type { JoinedLobby } from './joined-lobby.ts'
import { LobbySession } from './lobby-session.ts'

/**
 * Joins a lobby, or creates one, and connects to every other member: by WebRTC, through whatever NATs there are, as often as it takes. Works with the servers of this package
 * and with Godot's signaling demo (`networking/webrtc_signaling`), and with Godot peers in the same lobby.
 *
 * @example
 * ```ts
 * import { joinLobby } from 'webrtc-multiplayer/lobby'
 *
 * const lobby = await joinLobby('ws://127.0.0.1:9080', { iceServers: [{ urls: 'stun:stun.example.org' }] })
 * console.log(`others join with ${lobby.lobby}`)
 * lobby.peer.peerConnected$.subscribe((id) => lobby.peer.send(new TextEncoder().encode('hello'), { to: id }))
 * lobby.peer.packets$.subscribe(({ peer, data }) => console.log(peer, data))
 * lobby.verdicts$.subscribe(({ message }) => console.log(message))
 * await lobby.leave()
 * ```
 *
 * @param url - of the server, like `ws://host:9080`.
 * @returns the lobby, once this side is a member. Other members connect after that; see `peer.peerConnected$`.
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for bad options; `ERR_CONNECTION_ERROR` if the server cannot be reached or closes, or `token` fails; `ERR_TIMEOUT`; `ERR_DOES_NOT_EXIST` if there is
 * no such lobby; `ERR_UNAUTHORIZED`, `ERR_UNAVAILABLE` or `ERR_ALREADY_IN_USE` as the server says (see {@link lobbyErrorCode}); the signal's reason if it aborts. Nothing is left
 * behind then.
 */
export async function joinLobby(url: string, options: JoinLobbyOptions = {}): Promise<JoinedLobby> {
  const resolved = resolveJoinOptions(url, options)
  options.signal?.throwIfAborted()
  const session = new LobbySession(resolved)
  await session.join()
  return session
}
