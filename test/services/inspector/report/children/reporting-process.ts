import { reportTo } from '../../../../../src/services/inspector/report/report-to.ts'
import { WebRTCMultiplayerPeer } from '../../../../../src/services/multiplayer-peer/multiplayer-peer.ts'

// A process with one peer of a mesh that reports: its arguments are the inspector's address, its id, and what it does then: `stay`, or `end` without closing anything.
const [url = '', id = '', what = ''] = process.argv.slice(2)

const mesh = new WebRTCMultiplayerPeer()
mesh.createMesh(Number(id))
const reporter = reportTo(url, { name: `peer ${id}` })
reporter.watch(mesh, { group: 'tea' })
// What it has to say is heard first: by itself nothing holds this process.
process.channel?.ref()
reporter.state$.subscribe((state) => {
  process.send?.({ state })
  if (what === 'end' && state === 'reporting') process.disconnect()
})
if (what === 'stay') process.on('message', () => void reporter.close().then(() => process.disconnect()))
