import { invalid } from '../../../checks.ts'
import type { Watcher } from '../watcher.ts'
import { Inspection } from '../inspection.ts'
import { DEFAULT_CHANNEL, openChannel, pageEvents } from './channel.ts'
import { RunningTabInspector } from './running-tab-inspector.ts'

/** Options of {@link startTabInspector}. */
export interface TabInspectorOptions {
  /** Name of the `BroadcastChannel`; the page is then opened with `?channel=<name>`. Default `webrtc-multiplayer-inspector`. */
  readonly channel?: string
  /** How this page is called in the inspector. Default: its title. */
  readonly name?: string
  /** Milliseconds between two looks at the connections, 10 to 60000. Default 500. */
  readonly sampleInterval?: number
}

/** Shows a page in another tab, from {@link startTabInspector}. Its methods can be taken out of it. */
export interface TabInspector extends Watcher, Disposable {
  /** Whether a tab looks. */
  readonly isWatched: boolean
  readonly close: () => void
}

/**
 * Shows a page to the inspector's page in another tab of the same origin, without any server: serve the files of `webrtc-multiplayer/dist/inspector-page` beside your own and open
 * them. For browsers.
 *
 * @example
 * ```ts
 * import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { startTabInspector } from 'webrtc-multiplayer/inspector'
 *
 * const mesh = new WebRTCMultiplayerPeer()
 * startTabInspector().watch(mesh)
 * ```
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER`; `ERR_UNAVAILABLE` where there is no `BroadcastChannel`.
 */
export function startTabInspector(options: TabInspectorOptions = {}): TabInspector {
  const { channel = DEFAULT_CHANNEL, sampleInterval, name } = options
  if (channel === '')
    throw invalid('channel is the name of a BroadcastChannel; leave it out for the usual one.', channel)
  const inspection = new Inspection({
    ...(name !== undefined && { name }),
    ...(sampleInterval !== undefined && { sampleInterval }),
  })
  return new RunningTabInspector({ channel: openChannel(channel), page: pageEvents(), inspection })
}
