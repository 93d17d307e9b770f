import type { Subscription } from 'rxjs'
import type { Verdict } from '../../lobby/client/verdict.ts'
import type { WatchedLobby } from './inspectable.ts'
import { MeshWatch } from './mesh-watch.ts'
import { shortText, toPlainObject } from './plain-json.ts'
import type { Scope } from './scope.ts'
import type { Watch, WatchHost } from './watch-host.ts'

/** Verdicts that are kept for whoever looks late. */
const MAX_UNTOLD = 64
/** Characters of a verdict's message. */
const MAX_MESSAGE = 2_048

/** A lobby: its mesh, the negotiations with the other members, and the verdicts on those who were not connected, all in one group. */
export class LobbyWatch implements Watch {
  readonly #host: WatchHost
  readonly #lobby: WatchedLobby
  readonly #mesh: MeshWatch
  readonly #scope: Scope
  readonly #verdicts: Subscription
  #untold: { readonly verdict: Verdict; readonly time: number }[] = []
  #isOpen = false
  #negotiations: Subscription | undefined

  constructor(host: WatchHost, lobby: WatchedLobby, scope: Scope, packets: boolean | 'content') {
    this.#host = host
    this.#lobby = lobby
    this.#mesh = new MeshWatch(host, lobby.peer, scope, packets)
    this.#scope = { group: scope.group, uniqueId: scope.uniqueId }
    // Always: verdicts are rare, and what has failed is what somebody who looks late wants to know.
    this.#verdicts = lobby.verdicts$.subscribe((verdict) => {
      this.#hear(verdict)
    })
  }

  get isOver(): boolean {
    return this.#mesh.isOver
  }

  open(): void {
    this.#isOpen = true
    this.#mesh.open()
    this.#negotiations = this.#lobby.negotiations$?.subscribe((actor) => {
      this.#host.recorder.attach(actor, this.#scope)
    })
    for (const { verdict, time } of this.#untold) this.#tell(verdict, time)
    this.#untold = []
  }

  close(): void {
    this.#isOpen = false
    this.#negotiations?.unsubscribe()
    this.#host.recorder.detach(this.#scope)
    this.#mesh.close()
  }

  end(): void {
    this.close()
    this.#verdicts.unsubscribe()
  }

  #hear(verdict: Verdict): void {
    const time = this.#host.teller.now()
    if (this.#isOpen) this.#tell(verdict, time)
    else this.#untold = [...this.#untold, { verdict, time }].slice(-MAX_UNTOLD)
  }

  #tell(verdict: Verdict, time: number): void {
    const { teller, defaultGroup } = this.#host
    teller.tell({
      type: 'webrtc.verdict',
      ...teller.stamp(time),
      group: this.#scope.group() ?? defaultGroup,
      uniqueId: this.#scope.uniqueId(),
      peer: verdict.peer,
      reason: verdict.reason,
      message: shortText(verdict.message, MAX_MESSAGE),
      verdict: toPlainObject(verdict),
    })
  }
}
