/**
 * The inspector: a page that shows every peer, connection and statechart of a mesh while it happens, and recordings of that. Nothing of it is loaded, and nothing runs, unless this is
 * imported.
 *
 * @packageDocumentation
 */
import { startInspector as startPlatformInspector } from '#inspector-server'
import type { StartInspector } from './services/inspector/server/inspector.ts'

/**
 * Starts an inspector: a page that shows every peer, connection and statechart of this process, and of others that report to it ({@link reportTo}), while it happens. For Node. It keeps
 * the process alive until it is closed.
 *
 * @example
 * ```ts
 * import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { startInspector } from 'webrtc-multiplayer/inspector'
 *
 * const mesh = new WebRTCMultiplayerPeer()
 * const inspector = await startInspector()
 * inspector.watch(mesh)
 * console.log(`open ${inspector.url}`)
 * // ...
 * await inspector.close()
 * ```
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for an option that makes no sense, `ERR_ALREADY_IN_USE` if the port is taken, `ERR_UNAVAILABLE` if it cannot listen there or the page was
 * not built, `ERR_FILE_CANT_WRITE` for `record`, `ERR_DOES_NOT_EXIST` or `ERR_INVALID_DATA` for `recording`; the signal's reason if it has aborted. Nothing is left open then.
 */
export const startInspector: StartInspector = startPlatformInspector

export { reportTo, type ReportOptions } from './services/inspector/report/report-to.ts'
export type { Reporter, ReporterState } from './services/inspector/report/reporter.ts'
export type { HubDrop, HubDrops } from './services/inspector/hub/hub-counters.ts'
export type { HubStats } from './services/inspector/hub/hub.ts'
export type {
  ContextOf,
  Inspectable,
  InspectableActor,
  InspectableAPI,
  InspectableLobby,
  InspectableMesh,
  InspectableSystem,
  WatchOptions,
} from './services/inspector/inspection.ts'
export type { InspectorOptions } from './services/inspector/server/inspector-options.ts'
export type {
  Inspector,
  InspectorStats,
  RecordingStats,
  StartInspector,
} from './services/inspector/server/inspector.ts'
export type { Watcher } from './services/inspector/watcher.ts'
export {
  startTabInspector,
  type TabInspector,
  type TabInspectorOptions,
} from './services/inspector/tab/start-tab-inspector.ts'
