import type { Observable } from 'rxjs'
import type { MultiplayerError } from '../../../multiplayer-error.ts'
import type { LobbyMode } from '../../../protocol/lobby/extension.ts'
import type { WebRTCMultiplayerPeer } from '../../multiplayer-peer/multiplayer-peer.ts'
import type { LobbyClientCounters } from './client-counters.ts'
import type { DialProgress } from './dial-progress.ts'
import type { Verdict } from './verdict.ts'

/**
 * State of a lobby that is joined:
 * - `joining`, before {@link joinLobby} resolves;
 * - `joined`;
 * - `reconnecting`: the socket was lost, a new one is being made; peers stay connected. With a server of this package the place is taken up again; if that is too late, or the server
 *   knows no such thing, it is joined anew, with another id, but only while nobody is connected;
 * - `sealed`: nobody can join any more, and the socket is not needed any more;
 * - `detached`: the lobby is lost; peers stay connected, but no others come and no connection that fails is made anew;
 * - `leaving`, `left`.
 */
export type LobbyState = 'joining' | 'joined' | 'reconnecting' | 'sealed' | 'detached' | 'leaving' | 'left'

/** A lobby that this process is a member of, from {@link joinLobby}. Its methods can be taken out of it: `const { peer, leave } = await joinLobby(url)`. */
export interface JoinedLobby extends AsyncDisposable {
  /** The mesh that the lobby makes; send and receive here. Ends with {@link leave}. */
  readonly peer: WebRTCMultiplayerPeer
  /** This side's id in the lobby, and in the mesh. Another one after it was joined anew; see `reconnecting` in {@link LobbyState}. */
  readonly id: number
  /** The lobby's name, by which others join it. */
  readonly lobby: string
  readonly mode: LobbyMode
  /** The member that may seal and describe the lobby: 1, who created it, or who took over. */
  readonly host: number
  readonly isHost: boolean
  /** What the host tells of the lobby; empty with servers that know no metadata. */
  readonly metadata: string
  readonly state: LobbyState
  /** Why the lobby is `detached`; null before. */
  readonly error: MultiplayerError | null
  /** Other members of the lobby that this one has to do with, connected or not; as a client of a client/server lobby the host alone. */
  readonly members: readonly number[]

  /** The state now and every change; completes after `left`. */
  readonly state$: Observable<LobbyState>
  readonly members$: Observable<readonly number[]>
  readonly host$: Observable<number>
  readonly metadata$: Observable<string>
  /** How far the connecting to each member is: of all there are, then every change. */
  readonly dials$: Observable<DialProgress>
  /** Why a member could not be connected, each time that its dialling is given up. */
  readonly verdicts$: Observable<Verdict>

  /** Dials a member again that was given up, or that the application had removed. @throws MultiplayerError `ERR_DOES_NOT_EXIST` if it is no member. */
  readonly dial: (id: number) => void
  /**
   * Tells something about the lobby to all members and to those who list lobbies. The host only, on servers of this package only.
   * @throws MultiplayerError `ERR_UNAUTHORIZED`, `ERR_UNAVAILABLE`, `ERR_INVALID_PARAMETER` beyond 4096 characters, or 8192 bytes as JSON.
   */
  readonly setMetadata: (metadata: string) => Promise<void>
  /** Closes the lobby to others for good; members stay connected. The host only. @throws MultiplayerError `ERR_UNAUTHORIZED`, `ERR_UNAVAILABLE`. */
  readonly seal: () => Promise<void>
  /**
   * Leaves the lobby and ends the mesh: what was sent is brought out first (bounded by the peer's `closeTimeout`), then every connection and the socket are closed, and every
   * stream completes. May be called more than once.
   */
  readonly leave: () => Promise<void>
  /** What was dropped, by reason. */
  readonly stats: () => LobbyClientCounters
}
