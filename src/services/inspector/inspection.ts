import type { InspectionEvent } from 'xstate'
import { checkWhole } from '../../checks.ts'
import { type Clock, realClock } from '../../clock.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { Sampler } from './facts/sampler.ts'
import { ActorWatch } from './recorder/actor-watch.ts'
import { ApiWatch } from './recorder/api-watch.ts'
import { type Inspectable, recognize } from './recorder/inspectable.ts'
import { LobbyWatch } from './recorder/lobby-watch.ts'
import { MeshWatch } from './recorder/mesh-watch.ts'
import { nameText } from './recorder/plain-json.ts'
import { Recorder } from './recorder/recorder.ts'
import { hasEnded, type InspectableSystem, rootOf, running } from './recorder/running-actor.ts'
import { Teller, type TellerStats } from './recorder/teller.ts'
import type { Watch, WatchHost } from './recorder/watch-host.ts'
import { epochClock } from './wire/epoch.ts'
import type { InspectorMessage } from './wire/messages.ts'
import { randomSource, thisPlace } from './wire/this-place.ts'
import { PACKAGE_VERSION } from './wire/version.ts'

export type { Inspectable, InspectableAPI, InspectableLobby, InspectableMesh } from './recorder/inspectable.ts'
export type { InspectableActor, InspectableSystem } from './recorder/running-actor.ts'

/** How something is watched. */
export interface WatchOptions<Context = unknown> {
  /** What the mesh or the actor shall be called. Default: its id in XState. */
  name?: string
  /**
   * Peers of the same id in the same group are the same peer, whichever process tells of them. Default: a lobby's name; for everything else that of the inspector, `mesh`.
   */
  group?: string
  /** Picks what may be told of the context of an actor of the application's own. Without it nothing is. */
  context?: (context: Context) => unknown
  /**
   * Whether packets are told of, at most 100 a second: true, without their content; `'content'`, with the first 256 bytes. Default false.
   */
  packets?: boolean | 'content'
}

/** The context of what is watched, if it is a machine. */
export type ContextOf<Target> = Target extends { getSnapshot(): infer Snapshot }
  ? Snapshot extends { readonly context: infer Context }
    ? Context
    : unknown
  : unknown

/** Options of {@link Inspection}. */
export interface InspectionOptions {
  /** What this process or page shall be called. Default: its number, or its title. */
  name?: string
  /** The group of what is in no other. Default `mesh`. */
  group?: string
  /** Milliseconds between two looks at the connections, 10 to 60000. Default 500. */
  sampleInterval?: number
  /** Where timers and times come from; a simulated clock in tests, whose time is then that of the messages. */
  clock?: Clock
}

/** What an {@link Inspection} counts. */
export interface InspectionStats extends TellerStats {
  /** Systems of actors that it listens to; none while nobody looks. */
  readonly systems: number
  /** What is watched, or would be if somebody looked. */
  readonly watches: number
}

/** Twice a second is enough for a plot to move. */
const DEFAULT_SAMPLE_INTERVAL = 500
const SHORTEST_INTERVAL = 10
const LONGEST_INTERVAL = 60_000
const DEFAULT_GROUP = 'mesh'
/** Watches between two looks for those that are over. */
const CLEANING = 64

/**
 * What one process or page tells an inspector: of every actor that is watched, of the connections, of verdicts. Between {@link start} and {@link stop} it listens; before and after that
 * nothing is paid for it.
 */
export class Inspection implements Disposable {
  /** Unique among those of an inspector. */
  readonly source: string
  /**
   * For actors of the application's own, as XState's option `inspect`: the root of every system that it hears of is watched. XState makes its events for it also while nobody looks, which
   * makes an event to a machine about a tenth dearer (`npm run bench:inspector`); {@link watch} costs nothing then.
   */
  readonly inspect: (event: InspectionEvent) => void

  readonly #name: string
  readonly #host: WatchHost
  readonly #teller: Teller
  readonly #recorder: Recorder
  readonly #sampler: Sampler
  readonly #sampleInterval: number
  readonly #watches = new Set<Watch>()
  readonly #found = new WeakSet<InspectableSystem>()
  #cleanAt = CLEANING
  /** Whether anything is listened to. */
  #isAttached = false
  /** How often it was stopped: a start that had to wait does not happen after that. */
  #stops = 0
  #isClosed = false

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` for an interval that is not within its limits. */
  constructor(options: InspectionOptions = {}) {
    const { clock = realClock, sampleInterval = DEFAULT_SAMPLE_INTERVAL } = options
    const group = nameText(options.group ?? DEFAULT_GROUP)
    checkWhole('sampleInterval', sampleInterval, SHORTEST_INTERVAL, LONGEST_INTERVAL)
    this.source = randomSource()
    this.#name = nameText(options.name ?? thisPlace().name)
    this.#sampleInterval = sampleInterval
    this.#teller = new Teller(this.source, clock === realClock ? epochClock() : () => clock.now())
    this.#recorder = new Recorder(this.#teller, group)
    this.#sampler = new Sampler(this.#teller, this.#recorder, clock)
    const { teller, recorder, sampler } = { teller: this.#teller, recorder: this.#recorder, sampler: this.#sampler }
    this.#host = { teller, recorder, sampler, clock, defaultGroup: group }
    this.inspect = (event) => {
      teller.attempt(() => {
        this.#find(event)
      })
    }
  }

  /**
   * Watches a mesh, a lobby, an API or an actor, with all that belong to it, until it ends or this is disposed of.
   *
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for anything else; `ERR_UNAVAILABLE` after {@link close}.
   */
  watch<Target extends Inspectable>(target: Target, options: WatchOptions<ContextOf<Target>> = {}): Disposable {
    if (this.#isClosed) throw new MultiplayerError('ERR_UNAVAILABLE', 'This inspector was closed; start a new one.')
    const watch = this.#watchFor(target, options)
    this.#add(watch)
    return {
      [Symbol.dispose]: () => {
        if (this.#watches.delete(watch)) watch.end()
      },
    }
  }

  /**
   * Begins to tell: of this source, of all living actors, parents first, each with its snapshot of now, of the connections, then of everything as it happens. Only one is told; who is
   * told already hears no more. Does nothing after {@link close}.
   *
   * @param sink - takes messages one by one. What it throws is counted.
   */
  start(sink: (message: InspectorMessage) => void, options: Pick<InspectionOptions, 'sampleInterval'> = {}): void {
    this.stop()
    if (this.#teller.isTelling) {
      const stops = this.#stops
      queueMicrotask(() => {
        if (this.#stops === stops) this.start(sink, options)
      })
      return
    }
    this.#detach()
    if (this.#isClosed) return
    this.#isAttached = true
    this.#teller.start(sink)
    const { platform, detail } = thisPlace()
    const introduction = { name: this.#name, platform, detail, version: PACKAGE_VERSION }
    this.#teller.tell({ type: 'webrtc.source', ...this.#teller.stamp(), ...introduction })
    this.#clean()
    for (const watch of [...this.#watches]) this.#open(watch)
    // It may come from a network.
    const { sampleInterval = this.#sampleInterval } = options
    if (this.#teller.isOn) this.#sampler.start(Math.min(LONGEST_INTERVAL, Math.max(SHORTEST_INTERVAL, sampleInterval)))
  }

  /** Tells nothing more, and listens to nothing. */
  stop(): void {
    this.#stops++
    this.#teller.stop()
    this.#sampler.stop()
    if (!this.#teller.isTelling) {
      this.#detach()
      return
    }
    // Whoever is told stops it, in the middle of something.
    queueMicrotask(() => {
      if (!this.#teller.isOn) this.#detach()
    })
  }

  /** Ends for good. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#teller.tell({ type: 'webrtc.source-gone', ...this.#teller.stamp() })
    this.stop()
    for (const watch of this.#watches) watch.end()
    this.#watches.clear()
  }

  /** The same as {@link close}. */
  [Symbol.dispose](): void {
    this.close()
  }

  stats(): InspectionStats {
    return { ...this.#teller.stats(), systems: this.#recorder.systems, watches: this.#watches.size }
  }

  #watchFor(target: Inspectable, options: WatchOptions<never>): Watch {
    const { context: pick, packets = false } = options
    const name = options.name === undefined ? undefined : nameText(options.name)
    const group = options.group === undefined ? null : nameText(options.group)
    const found = recognize(target)
    const host = this.#host
    switch (found.kind) {
      case 'actor':
        return new ActorWatch(host, found.actor, { name, group: () => group, uniqueId: () => 0, pick })
      case 'mesh': {
        const { mesh } = found
        return new MeshWatch(host, mesh, { name, group: () => group, uniqueId: () => mesh.uniqueId }, packets)
      }
      case 'lobby': {
        const { lobby } = found
        const named = (): string | null => group ?? (lobby.lobby === '' ? null : nameText(lobby.lobby))
        return new LobbyWatch(host, lobby, { name, group: named, uniqueId: () => lobby.id }, packets)
      }
      case 'api': {
        const { api } = found
        return new ApiWatch(host, api, { name, group: () => group, uniqueId: () => api.uniqueId }, packets)
      }
    }
  }

  #add(watch: Watch): void {
    if (this.#watches.size >= this.#cleanAt) this.#clean()
    this.#watches.add(watch)
    if (this.#teller.isOn) this.#open(watch)
  }

  #detach(): void {
    if (!this.#isAttached) return
    this.#isAttached = false
    this.#recorder.forget()
    for (const watch of this.#watches) watch.close()
  }

  #open(watch: Watch): void {
    this.#teller.attempt(() => {
      watch.open()
    })
  }

  /** Forgets what is over. */
  #clean(): void {
    for (const watch of this.#watches) {
      if (!watch.isOver) continue
      this.#watches.delete(watch)
      watch.end()
    }
    this.#cleanAt = 2 * this.#watches.size + CLEANING
  }

  #find(event: InspectionEvent): void {
    const actor = running(event.actorRef)
    if (this.#isClosed || this.#found.has(actor.system)) return
    this.#found.add(actor.system)
    const root = rootOf(actor)
    if (!hasEnded(root)) this.#add(new ActorWatch(this.#host, root, { group: () => null, uniqueId: () => 0 }))
  }
}
