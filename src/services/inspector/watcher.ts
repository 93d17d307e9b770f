import type { InspectionEvent } from 'xstate'
import type { ContextOf, Inspectable, WatchOptions } from './inspection.ts'

/** Shows what happens in this process or page. */
export interface Watcher {
  /**
   * Shows a mesh, a lobby, a `MultiplayerAPI` or any actor of XState 5, with everything in it. Nothing is paid for it while nobody looks.
   *
   * @returns dispose of it to show it no longer. What has ended needs not be.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for anything else, `ERR_UNAVAILABLE` after `close()`.
   */
  readonly watch: <Target extends Inspectable>(target: Target, options?: WatchOptions<ContextOf<Target>>) => Disposable
  /**
   * For the `inspect` option of actors of your own: they are shown from their first moment on. XState makes its inspection events for it also while nobody looks, which makes an event
   * to a machine about a tenth dearer (`npm run bench:inspector`); {@link watch} is free then.
   */
  readonly inspect: (event: InspectionEvent) => void
}
