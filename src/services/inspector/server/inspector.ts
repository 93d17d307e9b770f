import type { HubStats } from '../hub/hub.ts'
import type { Watcher } from '../watcher.ts'
import type { InspectorOptions } from './inspector-options.ts'

/** A running inspector, from {@link startInspector}. Its methods can be taken out of it: `const { watch } = await startInspector()`. */
export interface Inspector extends Watcher, AsyncDisposable {
  /** Of the page, with the token if one is needed. */
  readonly url: string
  /** For {@link reportTo} in other processes and pages, with the token if one is needed. */
  readonly reportUrl: string
  readonly stats: () => InspectorStats
  /** Closes everything; resolves when nothing is open any more and the recording is written. */
  readonly close: () => Promise<void>
}

/** What an inspector counts, from its beginning on. */
export interface InspectorStats extends HubStats {
  /** Pages that look now. */
  readonly viewers: number
  /** Processes and pages that are connected to report, beside this one. */
  readonly reporters: number
  readonly recording: RecordingStats | null
}

export interface RecordingStats {
  readonly file: string
  /** Messages that were written. */
  readonly messages: number
  /** Messages that were left out since the disk was too slow. */
  readonly missed: number
  /** Why nothing more is written; null while all is well. */
  readonly error: Error | null
}

/** See `startInspector`. */
export type StartInspector = (options?: InspectorOptions) => Promise<Inspector>
