import { BehaviorSubject, type Observable } from 'rxjs'
import type { LobbyMode } from '../../../protocol/lobby/extension.ts'
import { TARGET_PEER_SERVER } from '../../../machines/mesh-types.ts'
import type { LobbyState } from './joined-lobby.ts'

/** What a client knows of its lobby: values, and streams of them. */
export class LobbyFacts {
  id = 0
  lobby = ''
  mode: LobbyMode = 'mesh'
  readonly #state = new BehaviorSubject<LobbyState>('joining')
  readonly #members = new BehaviorSubject<readonly number[]>([])
  readonly #host = new BehaviorSubject(TARGET_PEER_SERVER)
  readonly #metadata = new BehaviorSubject('')

  readonly state$: Observable<LobbyState> = this.#state.asObservable()
  readonly members$: Observable<readonly number[]> = this.#members.asObservable()
  readonly host$: Observable<number> = this.#host.asObservable()
  readonly metadata$: Observable<string> = this.#metadata.asObservable()

  get state(): LobbyState {
    return this.#state.value
  }

  set state(state: LobbyState) {
    change(this.#state, state)
  }

  get members(): readonly number[] {
    return this.#members.value
  }

  set members(members: readonly number[]) {
    const known = this.#members.value
    if (members.length === known.length && members.every((id, index) => id === known[index])) return
    this.#members.next([...members])
  }

  get host(): number {
    return this.#host.value
  }

  set host(id: number) {
    change(this.#host, id)
  }

  get metadata(): string {
    return this.#metadata.value
  }

  set metadata(metadata: string) {
    change(this.#metadata, metadata)
  }

  complete(): void {
    for (const subject of [this.#members, this.#host, this.#metadata, this.#state]) subject.complete()
  }
}

function change<Value>(subject: BehaviorSubject<Value>, value: Value): void {
  if (value !== subject.value) subject.next(value)
}
