import type { Observable } from 'rxjs'
import type { Watcher } from '../watcher.ts'

/**
 * How a reporter is connected to its inspector:
 * - `connecting`;
 * - `idle`: connected, and nobody looks, so that nothing is told;
 * - `reporting`: somebody looks, or records;
 * - `waiting`: the inspector is not there, and is tried again in a while;
 * - `closed`.
 */
export type ReporterState = 'connecting' | 'idle' | 'reporting' | 'waiting' | 'closed'

/** Tells an inspector elsewhere what happens here, from {@link reportTo}. Its methods can be taken out of it. */
export interface Reporter extends Watcher, AsyncDisposable {
  readonly state: ReporterState
  /** The state now and every change; completes after `closed`. */
  readonly state$: Observable<ReporterState>
  /** Tells the rest and ends; resolves when the socket is closed. */
  readonly close: () => Promise<void>
}
