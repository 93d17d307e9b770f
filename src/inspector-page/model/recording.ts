import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'
import { Keyframes } from './keyframes.ts'
import { Session } from './session.ts'
import type { LogEntry } from './state.ts'

/**
 * A session that is over, or a part of one, which can be looked at as it was at any moment. A position is the number of messages that were told until then: at 0 nothing was. What
 * `session` holds follows the position.
 */
export class Recording {
  readonly name: string
  readonly session = new Session({ logLimit: Infinity })
  /** All of them; `session.log` ends at the present position. */
  readonly entries: readonly LogEntry[]
  readonly messages: readonly InspectorMessage[]
  /** What whoever looks at it should know: that its beginning is missing, or that its end was cut off. */
  readonly notices: readonly string[]
  /** Time of the session after each position. Sources have clocks of their own, so it is the newest of all until then. */
  readonly #times: Float64Array
  /** Position right after each entry. */
  readonly #positions: Uint32Array
  readonly #keyframes = new Keyframes()
  #position = 0

  constructor(name: string, messages: readonly InspectorMessage[], notices: readonly string[] = []) {
    this.name = name
    this.messages = messages
    this.notices = notices
    this.#times = new Float64Array(messages.length + 1)
    const positions: number[] = []
    const { session } = this
    this.#keyframes.offer(0, session)
    messages.forEach((message, index) => {
      session.apply(message)
      this.#times[index + 1] = session.time
      if (session.log.length > positions.length) positions.push(index + 1)
      this.#keyframes.offer(index + 1, session)
    })
    this.#times[0] = messages[0]?.time ?? 0
    this.#positions = Uint32Array.from(positions)
    this.entries = [...session.log]
    this.#position = messages.length
  }

  get position(): number {
    return this.#position
  }

  /** Milliseconds since 1970. */
  get startsAt(): number {
    return this.#times[0] ?? 0
  }

  get endsAt(): number {
    return this.#times.at(-1) ?? 0
  }

  /** Time of the session at the present position. */
  get time(): number {
    return this.#times[this.#position] ?? 0
  }

  get isAtEnd(): boolean {
    return this.#position === this.messages.length
  }

  /** Index of the newest entry of this moment; -1 before the first. */
  get entry(): number {
    return this.session.log.length - 1
  }

  seek(position: number): void {
    const wanted = Math.max(0, Math.min(this.messages.length, Math.trunc(position)))
    const from = this.#keyframes.before(wanted)
    if (wanted < this.#position || from.position > this.#position) {
      this.session.restore(from.keyframe, this.entries)
      this.#position = from.position
    }
    if (wanted > this.#position) this.session.applyAll(this.messages.slice(this.#position, wanted))
    this.#position = wanted
  }

  /** The moment right after an entry; -1 is the beginning. */
  seekToEntry(index: number): void {
    this.seek(this.#positions[Math.min(index, this.entries.length - 1)] ?? 0)
  }

  /** The last moment at or before a time. */
  seekToTime(time: number): void {
    let [low, high] = [0, this.messages.length]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#times[middle] ?? 0) <= time) low = middle
      else high = middle - 1
    }
    this.seek(low)
  }

  /** Index of the nearest entry before or after the present one for which `wanted` holds; null if there is none. */
  find(direction: 1 | -1, wanted: (entry: LogEntry) => boolean): number | null {
    for (let index = this.entry + direction; ; index += direction) {
      const entry = this.entries[index]
      if (!entry) return null
      if (wanted(entry)) return index
    }
  }
}
