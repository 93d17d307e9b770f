import { describe, expect, test } from '@jest/globals'
import { connectPair, type NetworkConditions, Random, SimulatedNetwork } from '../../../src/testing/index.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'
import { at, numbered, numbersOf, openPair, RELIABLE, sendPaced, UNORDERED_LOSSY, upTo } from './simulated-pair.ts'

describe('latency', () => {
  test('is what a message takes one way, and the round trip is twice that', async () => {
    const pair = await openPair({ latency: 40 }, RELIABLE)
    const received = numbersOf(pair.receiver)
    pair.sender.send(numbered(1))
    await pair.network.clock.run(39)
    expect(received).toEqual([])
    await pair.network.clock.run(1)
    expect(received).toEqual([1])
    await pair.network.clock.run(100)
    expect(pair.a.stats().roundTripTime).toBe(80)
  })

  test('may differ by link and by direction, and what is not given stays', async () => {
    const pair = await openPair({ latency: 10 }, RELIABLE)
    pair.network.setConditions({ latency: 100 }, { from: 'a' })
    pair.network.setConditions({ jitter: 0 }, { from: 'a' })
    pair.network.setConditions({ latency: 500 }, { from: 'c' })
    const [left, right] = [numbersOf(pair.sender), numbersOf(pair.receiver)]
    pair.sender.send(numbered(1))
    pair.receiver.send(numbered(2))
    await pair.network.clock.run(99)
    expect([left, right]).toEqual([[2], []])
    await pair.network.clock.run(1)
    expect(right).toEqual([1])
  })

  test('with jitter it varies within its bounds and keeps the order', async () => {
    const pair = await openPair({ latency: 50, jitter: 20 }, UNORDERED_LOSSY)
    const { clock } = pair.network
    const delays: number[] = []
    const sentAt: number[] = []
    const received: number[] = []
    pair.receiver.setReceiver((data) => {
      const value = new DataView(data.buffer).getUint32(0)
      received.push(value)
      delays.push(clock.now() - at(sentAt, value))
    })
    for (const value of upTo(200)) {
      sentAt.push(clock.now())
      pair.sender.send(numbered(value))
      await clock.run(5)
    }
    await clock.run(1000)
    expect(received).toEqual(upTo(200))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...delays)).toBeLessThanOrEqual(70)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(10)
  })
})

describe('counters', () => {
  test('account for every packet', async () => {
    const pair = await openPair({ loss: 0.1, duplication: 0.1, reordering: 0.1, latency: 5 }, RELIABLE)
    await sendPaced(pair, pair.sender, 1000, 5)
    await pair.network.clock.runUntilIdle()
    const { sent, lost, duplicated, reordered, delivered } = pair.network.counters
    expect(delivered).toBe(sent - lost + duplicated)
    for (const count of [lost, duplicated, reordered]) {
      expect(count / sent).toBeGreaterThan(0.07)
      expect(count / sent).toBeLessThan(0.13)
    }
  })

  test('a perfect network loses, doubles and overtakes nothing', async () => {
    const pair = await openPair({}, RELIABLE)
    await sendPaced(pair, pair.sender, 100, 5)
    expect(pair.network.counters).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 })
  })
})

describe('conditions out of range', () => {
  const wrong: Partial<NetworkConditions>[] = [
    { loss: 1.1 },
    { loss: -0.1 },
    { duplication: NaN },
    { reordering: 2 },
    { latency: -1 },
    { jitter: Infinity },
    { bandwidth: 0 },
    { bandwidth: -5 },
  ]
  test.each(wrong)('%j is refused', (conditions) => {
    expect(() => new SimulatedNetwork(conditions)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
  })
})

describe('connecting', () => {
  test('takes five round trips', async () => {
    const quick = await openPair({ latency: 0 }, RELIABLE)
    const slow = await openPair({ latency: 50 }, RELIABLE)
    expect(quick.network.clock.now()).toBe(0)
    expect(slow.network.clock.now()).toBe(500)
  })

  test.each(upTo(20))('succeeds over a lossy link in the end (seed %i)', async (seed) => {
    const pair = await openPair({ seed, latency: 20, loss: 0.1, duplication: 0.2, reordering: 0.2 }, RELIABLE)
    expect(pair.network.clock.now()).toBeGreaterThanOrEqual(180)
  })

  test.each(upTo(50))('succeeds however the signals are delayed and shuffled (seed %i)', async (seed) => {
    const network = new SimulatedNetwork({ seed })
    const { clock } = network
    const random = new Random(`signals ${seed}`)
    const [a, b] = [network.createConnection(), network.createConnection()]
    const channels = [a, b].map((side) => side.createDataChannel('x', { negotiated: true, id: 1 }))
    connectPair(a, b, { carry: (deliver) => void clock.setTimeout(deliver, random.next() * 500) })
    await clock.runUntil(() => channels.every((channel) => channel.readyState === ChannelState.OPEN))
    expect([a.stats().refusedCandidates, b.stats().refusedCandidates]).toEqual([0, 0])
  })

  test('across a partition fails after 40 s, on both sides', async () => {
    const network = new SimulatedNetwork()
    network.partition(['a'], ['b'])
    const [a, b] = [new (network.host('a').PeerConnection)(), new (network.host('b').PeerConnection)()]
    for (const side of [a, b]) side.createDataChannel('x', { negotiated: true, id: 1 })
    connectPair(a, b)
    await network.clock.run(39_000)
    expect([a.connectionState, b.connectionState]).toEqual([ConnectionState.CONNECTING, ConnectionState.CONNECTING])
    const states: ConnectionState[] = []
    a.connectionState$.subscribe((state) => states.push(state))
    await network.clock.run(2000)
    expect(states).toEqual([ConnectionState.CONNECTING, ConnectionState.FAILED, ConnectionState.CLOSED])
    expect(b.connectionState).toBe(ConnectionState.CLOSED)
  })
})
