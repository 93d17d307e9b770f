import { describe, expect, test } from '@jest/globals'
import { Random, SimulatedNetwork } from '../../../src/testing/index.ts'
import { formMesh } from './simulated-mesh.ts'
import { at, numbered } from './simulated-pair.ts'

/** Everything that happens in a mesh of four under faults, with its times. */
async function trace(seed: number): Promise<string[]> {
  const network = new SimulatedNetwork({ seed, latency: 20, jitter: 10, loss: 0.1, duplication: 0.05, reordering: 0.1 })
  const { clock } = network
  const events: string[] = []
  const mesh = await formMesh(network, 4)
  mesh.forEach(({ connection, channels }, index) => {
    connection.connectionState$.subscribe((state) => events.push(`${clock.now()} connection ${index} ${state}`))
    for (const channel of channels) {
      channel.readyState$.subscribe((state) => events.push(`${clock.now()} channel ${index} ${channel.label} ${state}`))
      channel.setReceiver((data) => events.push(`${clock.now()} message ${index} ${channel.label} ${data.join()}`))
    }
  })
  const random = new Random(`application ${seed}`)
  for (let value = 0; value < 400; value++) {
    const { channels } = at(mesh, random.below(mesh.length))
    at(channels, random.below(channels.length)).send(numbered(value, 4 + random.below(2000)))
    await clock.run(random.below(20))
  }
  network.kill('host 3')
  await clock.run(40_000)
  events.push(JSON.stringify(network.counters))
  return events
}

describe('determinism', () => {
  test('the same seed and calls give the same events at the same times', async () => {
    const first = await trace(1)
    expect(first.length).toBeGreaterThan(300)
    expect(await trace(1)).toEqual(first)
  })

  test('another seed gives others', async () => {
    expect(await trace(1)).not.toEqual(await trace(2))
  })
})
