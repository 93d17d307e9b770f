import { expect, test } from '@jest/globals'
import { SimulatedNetwork } from '../../../src/testing/index.ts'
import { formMesh } from './simulated-mesh.ts'
import { at } from './simulated-pair.ts'

/** Real milliseconds; about five times what it takes on a slow machine. */
const BOUND = 1000

test('a mesh of 8 forms and exchanges 10,000 packets, each sent on a turn of its own, within a second', async () => {
  const started = performance.now()
  const network = new SimulatedNetwork({ latency: 20 })
  const mesh = await formMesh(network, 8)
  let received = 0
  for (const { channels } of mesh) {
    for (const channel of channels) channel.setReceiver(() => received++)
  }
  const packet = new Uint8Array(100)
  for (let sent = 0; sent < 10_000; sent++) {
    at(at(mesh, sent % mesh.length).channels, sent % 3).send(packet)
    network.clock.advance(0.5)
  }
  network.clock.advance(1000)
  const took = performance.now() - started
  expect(received).toBe(10_000)
  expect(network.counters.sent).toBeGreaterThan(15_000)
  expect(took).toBeLessThan(BOUND)
})
