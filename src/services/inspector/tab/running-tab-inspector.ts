import { type Clock, realClock } from '../../../clock.ts'
import type { Inspection } from '../inspection.ts'
import type { InspectorMessage, SourceGoneMessage } from '../wire/messages.ts'
import type { TabChannel, TabEvents } from './channel.ts'
import { showPresence } from './presence.ts'
import type { TabInspector } from './start-tab-inspector.ts'
import { readView } from './view-message.ts'
import { Viewers } from './viewers.ts'

export interface RunningTabInspectorOptions {
  readonly channel: TabChannel
  /** Null in a worker. */
  readonly page: TabEvents | null
  readonly inspection: Inspection
  readonly clock?: Clock
}

/** Milliseconds for which messages are gathered: less than a frame of a screen. */
const POST_EVERY = 15

/** Tells the tabs that look what happens in this page. */
export class RunningTabInspector implements TabInspector {
  readonly watch: TabInspector['watch']
  readonly inspect: TabInspector['inspect']

  readonly #channel: TabChannel
  readonly #page: TabEvents | null
  readonly #clock: Clock
  readonly #inspection: Inspection
  readonly #viewers: Viewers
  #gathered: InspectorMessage[] = []
  #posting: unknown = null
  /** The last that was told; null while nobody looks. */
  #last: InspectorMessage | null = null
  #isWatched = false
  #leavePresence: (() => void) | null = null

  constructor({ channel, page, inspection, clock = realClock }: RunningTabInspectorOptions) {
    this.#channel = channel
    this.#page = page
    this.#clock = clock
    this.#inspection = inspection
    this.#viewers = new Viewers(clock, () => {
      this.#stop()
    })
    this.watch = (target, options) => inspection.watch(target, options)
    this.inspect = (event) => {
      inspection.inspect(event)
    }
    channel.onmessage = ({ data }: { data?: unknown }) => {
      const viewer = readView(data)
      if (viewer !== null && this.#viewers.sign(viewer)) this.#start()
    }
    page?.addEventListener('pagehide', this.#hidden)
  }

  get isWatched(): boolean {
    return this.#isWatched
  }

  readonly close = (): void => {
    this.#leave()
    this.#inspection.close()
    this.#page?.removeEventListener('pagehide', this.#hidden)
    this.#channel.onmessage = null
    this.#channel.close()
  };

  [Symbol.dispose](): void {
    this.close()
  }

  /** The tabs hear it now, since nothing runs here any more. A page that is shown again finds them as if they were new. */
  readonly #hidden = (): void => {
    this.#leave()
  }

  /** Tells everything, also to those who know it already: a channel is heard by all. */
  #start(): void {
    this.#isWatched = true
    // Before anything is told: who hears of this page then waits for its end.
    this.#leavePresence ??= showPresence(this.#inspection.source)
    this.#inspection.stop()
    this.#inspection.start((message) => {
      this.#tell(message)
    })
  }

  /** Told to be over also where nobody seems to look: a tab in the background may have been too slow to give its sign, and what it shows would not be true any more. */
  #stop(): void {
    this.#isWatched = false
    if (this.#last !== null) {
      const { source, seq, time } = this.#last
      const gone: SourceGoneMessage = { type: 'webrtc.source-gone', source, seq: seq + 1, time }
      this.#tell(gone)
      this.#last = null
    }
    this.#inspection.stop()
    this.#post()
    this.#leavePresence?.()
    this.#leavePresence = null
  }

  #leave(): void {
    this.#viewers.clear()
    this.#stop()
  }

  #tell(message: InspectorMessage): void {
    this.#last = message
    this.#gathered.push(message)
    this.#posting ??= this.#clock.setTimeout(() => {
      this.#post()
    }, POST_EVERY)
  }

  #post(): void {
    this.#clock.clearTimeout(this.#posting)
    this.#posting = null
    if (this.#gathered.length === 0) return
    const messages = this.#gathered
    this.#gathered = []
    this.#channel.postMessage(messages)
  }
}
