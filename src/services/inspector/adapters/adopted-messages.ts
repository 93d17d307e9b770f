import type { InspectorMessage, SourceMessage } from '../wire/messages.ts'
import { MAX_FRAME_LENGTH } from '../wire/parse.ts'
import { AdoptedSource } from './adopted-source.ts'
import type { ForeignReader } from './foreign-reader.ts'
import { isServiceTold, ServiceReader } from './service-reader.ts'
import { isStately, StatelyReader } from './stately-reader.ts'

/** Where messages of another inspector come from. */
export interface ForeignPlace extends Pick<SourceMessage, 'platform' | 'detail'> {
  /** Null: that of the inspector. */
  readonly name: string | null
}

/** Makes messages of ours of those of `@statelyai/inspect` and `@xstate/inspect`, whichever of them comes first. */
export class AdoptedMessages {
  readonly #source: string
  readonly #place: ForeignPlace
  readonly #now: () => number
  #reader: ForeignReader | null = null

  /**
   * @param source - a name that no other source has.
   * @param now - milliseconds since 1970.
   */
  constructor(source: string, place: ForeignPlace, now: () => number = Date.now) {
    this.#source = source
    this.#place = place
    this.#now = now
  }

  /** @returns null if it is no message of theirs. */
  read(value: unknown): readonly InspectorMessage[] | null {
    if (isStately(value)) {
      this.#reader ??= new StatelyReader(this.#adopt('@statelyai/inspect', value._version))
      return this.#reader.read(value, this.#now())
    }
    if (!isServiceTold(value)) return null
    // Their messages do not say of which version they are.
    this.#reader ??= new ServiceReader(this.#adopt('@xstate/inspect', ''))
    return this.#reader.read(value, this.#now())
  }

  /** Reads a frame that came from a network. Theirs have one message each. */
  readFrame(frame: string): readonly InspectorMessage[] | null {
    if (frame.length > MAX_FRAME_LENGTH) return null
    let value: unknown
    try {
      value = JSON.parse(frame)
    } catch {
      return null
    }
    return this.read(value)
  }

  #adopt(inspector: string, version: string): AdoptedSource {
    const { name, platform, detail } = this.#place
    return new AdoptedSource(this.#source, { name: name ?? inspector, platform, detail, version })
  }
}
