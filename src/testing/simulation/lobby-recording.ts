import { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { JoinedLobby, LobbyState } from '../../services/lobby/client/joined-lobby.ts'
import { Recording, type RecordingPort } from './recording.ts'

/** In these it is a member. */
const MEMBER_STATES: readonly LobbyState[] = ['joined', 'reconnecting', 'sealed']

/** Records who is a member of a lobby, as one of them knows it. */
export class LobbyRecording extends Recording {
  readonly #lobby: JoinedLobby
  readonly #members = new Set<number>()
  #isMember = false
  #id = 0

  constructor(name: string, lobby: JoinedLobby, port: RecordingPort) {
    super(name, 'lobby', port)
    this.#lobby = lobby
    this.watch(
      lobby.state$.subscribe({
        next: (state) => {
          this.#enter(MEMBER_STATES.includes(state))
        },
        complete: () => {
          this.stop()
        },
      }),
      lobby.members$.subscribe((members) => {
        if (this.#isMember) this.#compare(members)
      }),
    )
  }

  protected override get self(): number {
    return this.#lobby.id
  }

  protected override connectionTo(): number {
    return 0
  }

  #enter(isMember: boolean): void {
    // It may have joined anew meanwhile, as somebody else.
    const { id } = this.#lobby
    if (isMember === this.#isMember && id === this.#id) return
    this.#isMember = isMember
    this.#id = id
    const status = isMember ? ConnectionStatus.CONNECTED : ConnectionStatus.DISCONNECTED
    this.status(status, this.#lobby.mode === 'mesh' ? 'mesh' : 'star', [])
    if (isMember) this.#compare(this.#lobby.members)
    else this.#members.clear()
  }

  #compare(members: readonly number[]): void {
    for (const id of this.#members) {
      if (members.includes(id)) continue
      this.#members.delete(id)
      this.disconnected(id)
    }
    for (const id of members) {
      if (this.#members.has(id)) continue
      this.#members.add(id)
      this.connected(id)
    }
  }
}
