import type { InspectorMessage, SourceMessage, WatchMessage } from '../wire/messages.ts'
import type { HubCounters } from './hub-counters.ts'
import type { HubLimits } from './limits.ts'

/** Somebody who tells of one or more sources. */
export interface HubSource {
  receive(message: InspectorMessage): void
  /** Nothing more comes; its sources are gone. */
  gone(): void
}

/** What a port needs of its hub. */
export interface PortHub {
  readonly limits: Pick<HubLimits, 'sourcesPerReporter' | 'messageSize'>
  readonly counters: HubCounters
  speaker(source: string): SourcePort | undefined
  begin(source: string): void
  end(source: string): void
  /** @param lost - messages before this one that did not come. */
  take(message: InspectorMessage, text: string, lost: number): void
  left(): void
}

/** The last that was told of a source. */
interface Last {
  readonly seq: number
  readonly time: number
}

/** Where one reporter's messages come in: only what it may say gets further. */
export class SourcePort implements HubSource {
  readonly #hub: PortHub
  readonly #watch: (watch: WatchMessage, source: HubSource) => void
  readonly #isLocal: boolean
  /** The sources that it speaks for. */
  readonly #sources = new Map<string, Last>()
  #isGone = false

  constructor(hub: PortHub, watch: (watch: WatchMessage, source: HubSource) => void, isLocal: boolean) {
    this.#hub = hub
    this.#watch = watch
    this.#isLocal = isLocal
  }

  watch(watch: WatchMessage): void {
    this.#watch(watch, this)
  }

  receive(message: InspectorMessage): void {
    if (this.#isGone) return
    const { source, seq, time } = message
    const { counters, limits } = this.#hub
    const text = JSON.stringify(message)
    if (text.length > limits.messageSize) {
      counters.drop('too-large')
      return
    }
    if (message.type === 'webrtc.source' && !this.#begin(message)) return
    const last = this.#sources.get(source)
    if (last === undefined || !isOfSource(message)) {
      counters.drop('foreign')
      return
    }
    if (message.type === 'webrtc.source-gone') {
      this.#hub.end(source)
      return
    }
    this.#sources.set(source, { seq, time })
    this.#hub.take(message, text, Math.max(0, seq - last.seq - 1))
  }

  gone(): void {
    if (this.#isGone) return
    this.#isGone = true
    for (const source of [...this.#sources.keys()]) this.#hub.end(source)
    this.#hub.left()
  }

  /** It does not speak for this source any more. @returns the last that it said of it. */
  forget(source: string): Last {
    const last = this.#sources.get(source)
    this.#sources.delete(source)
    return last ?? { seq: 0, time: 0 }
  }

  /** Whoever introduces a source speaks for it from then on: after a lost socket that is a new one, before the old one is noticed to be lost. */
  #begin({ source, seq, time }: SourceMessage): boolean {
    const { speaker, counters, limits } = this.#hub
    const before = speaker(source)
    if (before !== undefined && before !== this && before.#isLocal) {
      counters.drop('foreign')
      return false
    }
    if (before !== this && this.#sources.size >= limits.sourcesPerReporter) {
      counters.drop('too-many-sources')
      return false
    }
    this.#hub.begin(source)
    this.#sources.set(source, { seq: seq - 1, time })
    return true
  }
}

/** Members that name actors: in them a source tells of its own alone. */
const ACTORS = ['sessionId', 'rootId', 'parentId', 'sourceId'] as const

/** Session ids begin with their source, so nobody tells of another's actors. */
function isOfSource(message: InspectorMessage): boolean {
  const named: Partial<Record<(typeof ACTORS)[number] | 'type', string>> = message
  return ACTORS.every((name) => named[name]?.startsWith(`${message.source}/`) ?? true)
}
