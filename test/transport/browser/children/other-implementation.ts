import wrtc from '@roamhq/wrtc'
import { transportAcceptance } from '../../../../src/testing/index.ts'
import { BrowserPeerConnection } from '../../../../src/transport/browser/browser-peer-connection.ts'
import { TestRegistry } from '../../../browser/page/registry.ts'
import { wait, waitFor } from '../../../support/real-time.ts'

// The acceptance suite over @roamhq/wrtc (libwebrtc), which tends to crash when its process ends; so it ends by a signal, after it has told what it found.
const { RTCPeerConnection } = wrtc
const registry = new TestRegistry()
transportAcceptance(registry, {
  create: (configuration) => new BrowserPeerConnection({ ...configuration, RTCPeerConnection }),
  wait,
  waitFor,
})
const failures: string[] = []
for (const name of registry.names) {
  const failure = await registry.run(name)
  if (failure !== null) failures.push(`${name}: ${failure}`)
}
process.stdout.write(JSON.stringify({ run: registry.names.length, failures }), () => {
  process.kill(process.pid, 'SIGKILL')
})
