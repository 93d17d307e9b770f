import { BroadcastInput } from '../../../../../src/inspector-page/inputs/broadcast-input.ts'
import { reportTo } from '../../../../../src/services/inspector/report/report-to.ts'
import { startTabInspector } from '../../../../../src/services/inspector/tab/start-tab-inspector.ts'
import { DEFAULT_CHANNEL } from '../../../../../src/services/inspector/tab/channel.ts'
import type { InspectorMessage } from '../../../../../src/services/inspector/wire/messages.ts'
import { WebRTCMultiplayerPeer } from '../../../../../src/services/multiplayer-peer/multiplayer-peer.ts'

// A page with a mesh of its own, that reports to the inspector at `?report`, or else shows itself to other tabs; with `?view` it looks as the inspector's page does.
const asked = new URLSearchParams(location.search)

if (asked.has('view')) {
  const heard: InspectorMessage[] = []
  Object.assign(globalThis, { heard })
  new BroadcastInput(DEFAULT_CHANNEL).start({
    messages: (messages) => heard.push(...messages),
    state: () => undefined,
    restart: () => undefined,
    missed: () => undefined,
  })
} else {
  const mesh = new WebRTCMultiplayerPeer()
  mesh.createMesh(Number(asked.get('id')))
  const address = asked.get('report')
  const watcher = address === null ? startTabInspector() : reportTo(address)
  watcher.watch(mesh, { group: 'tea' })
}
