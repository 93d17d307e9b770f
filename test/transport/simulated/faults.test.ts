import { describe, expect, test } from '@jest/globals'
import { connectPair, SimulatedNetwork } from '../../../src/testing/index.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'
import {
  at,
  numbered,
  numbersOf,
  openPair,
  ORDERED_LOSSY,
  RELIABLE,
  sendPaced,
  statesOf,
  type SimulatedPair,
  UNORDERED_LOSSY,
  upTo,
} from './simulated-pair.ts'

const { CONNECTED, CLOSED } = ConnectionState

/** Cuts the link, restores it after this many milliseconds. */
function cut({ network }: SimulatedPair, milliseconds: number): void {
  network.partition(['a'], ['b'])
  network.clock.setTimeout(() => {
    network.heal()
  }, milliseconds)
}

/** 20 messages per second over the first channel for a while. */
async function chatter(pair: SimulatedPair, seconds: number): Promise<void> {
  await sendPaced(pair, pair.sender, seconds * 20, 50)
}

describe('an outage with traffic', () => {
  test.each([1000, 3000, 5000])('of %i ms is survived and loses nothing of a reliable channel', async (duration) => {
    const pair = await openPair({}, RELIABLE)
    const received = numbersOf(pair.receiver)
    await chatter(pair, 1)
    cut(pair, duration)
    for (let value = 20; value < 300; value++) {
      pair.sender.send(numbered(value))
      await pair.network.clock.run(50)
    }
    await pair.network.clock.run(10_000)
    expect(received).toEqual(upTo(300))
    expect([pair.a.connectionState, pair.b.connectionState]).toEqual([CONNECTED, CONNECTED])
  })

  test.each([6500, 8000, 10_000, 40_000])(
    'of %i ms ends the connection after 12.6 to 13 s, even if it was over before',
    async (duration) => {
      const pair = await openPair({}, RELIABLE, ORDERED_LOSSY, UNORDERED_LOSSY)
      const states = statesOf(pair.network, pair.a)
      await chatter(pair, 1)
      const start = pair.network.clock.now()
      cut(pair, duration)
      await chatter(pair, 60)
      const [, disconnected, closed] = states
      expect(disconnected?.state).toBe('DISCONNECTED')
      expect(at(states, 1).at - start).toBeGreaterThan(12_500)
      expect(at(states, 1).at - start).toBeLessThan(13_000)
      expect(closed).toEqual({ state: 'CLOSED', at: at(states, 1).at })
      expect(pair.left.map((channel) => channel.readyState)).toEqual([
        ChannelState.CLOSED,
        ChannelState.CLOSED,
        ChannelState.CLOSED,
      ])
      await pair.network.clock.run(40_000)
      expect(pair.b.connectionState).toBe(CLOSED)
    },
  )

  test.each([ORDERED_LOSSY, UNORDERED_LOSSY])('is noticed on an unreliable channel just so: %j', async (options) => {
    const pair = await openPair({}, options)
    await chatter(pair, 1)
    const start = pair.network.clock.now()
    pair.network.partition(['a'], ['b'])
    await chatter(pair, 60)
    expect(pair.network.clock.now() - start).toBeGreaterThan(12_500)
    expect(pair.network.clock.now() - start).toBeLessThan(13_100)
  })

  test('from the first packet on is survived for 10 s, because nothing was measured yet', async () => {
    const pair = await openPair({}, RELIABLE)
    const received = numbersOf(pair.receiver)
    cut(pair, 10_000)
    upTo(500).forEach((value) => pair.sender.send(numbered(value, 10_000)))
    await pair.network.clock.run(30_000)
    expect(received).toEqual(upTo(500))
  })
})

describe('an outage without traffic', () => {
  test('of 20 s goes unnoticed', async () => {
    const pair = await openPair({}, RELIABLE)
    const received = numbersOf(pair.receiver)
    cut(pair, 20_000)
    await pair.network.clock.run(20_001)
    pair.sender.send(numbered(0))
    await pair.network.clock.run(2)
    expect(received).toEqual([0])
  })

  test('ends the connection on both sides after 30 s: FAILED, then CLOSED', async () => {
    const pair = await openPair({}, RELIABLE)
    const states = [statesOf(pair.network, pair.a), statesOf(pair.network, pair.b)]
    const at = pair.network.clock.now() + 30_000
    cut(pair, 60_000)
    await pair.network.clock.run(60_000)
    for (const list of states) {
      expect(list.slice(1)).toEqual([
        { state: 'FAILED', at },
        { state: 'CLOSED', at },
      ])
    }
  })

  test('a loss of 100 % in one direction is an outage too', async () => {
    const pair = await openPair({}, RELIABLE)
    pair.network.setConditions({ loss: 1 }, { from: 'a', to: 'b' })
    await pair.network.clock.run(29_999)
    expect(pair.a.connectionState).toBe(CONNECTED)
    await pair.network.clock.run(1)
    expect([pair.a.connectionState, pair.b.connectionState]).toEqual([CLOSED, CLOSED])
  })
})

describe('a close', () => {
  test('is known to the other side after one latency', async () => {
    const pair = await openPair({ latency: 30 }, RELIABLE)
    const states = statesOf(pair.network, pair.b)
    const at = pair.network.clock.now() + 30
    pair.a.close()
    await pair.network.clock.run(100)
    expect(states.slice(1)).toEqual([
      { state: 'DISCONNECTED', at },
      { state: 'CLOSED', at },
    ])
  })

  test('loses what was sent on the same turn, and what is under way arrives', async () => {
    const pair = await openPair({ latency: 30 }, RELIABLE)
    const received = numbersOf(pair.receiver)
    pair.sender.send(numbered(1))
    await pair.network.clock.run(1)
    pair.sender.send(numbered(2))
    pair.a.close()
    await pair.network.clock.run(1000)
    expect(received).toEqual([1])
  })

  test('whose notice is lost is known after 30 s', async () => {
    const pair = await openPair({}, RELIABLE)
    pair.network.setConditions({ loss: 1 })
    pair.a.close()
    pair.network.setConditions({ loss: 0 })
    await pair.network.clock.run(29_999)
    expect(pair.b.connectionState).toBe(CONNECTED)
    await pair.network.clock.run(1)
    expect(pair.b.connectionState).toBe(CLOSED)
  })
})

describe('a peer that dies', () => {
  test('while it connects leaves nothing behind that runs for ever', async () => {
    const network = new SimulatedNetwork({ latency: 20 })
    const [a, b] = [new (network.host('a').PeerConnection)(), new (network.host('b').PeerConnection)()]
    for (const side of [a, b]) side.createDataChannel('x', { negotiated: true, id: 1 })
    connectPair(a, b)
    await network.clock.run(50)
    network.kill('a')
    await network.clock.runUntilIdle()
    expect(b.connectionState).toBe(CLOSED)
  })

  test('and is signalled to afterwards starts nothing', async () => {
    const network = new SimulatedNetwork()
    const [a, b] = [new (network.host('a').PeerConnection)(), new (network.host('b').PeerConnection)()]
    for (const side of [a, b]) side.createDataChannel('x', { negotiated: true, id: 1 })
    connectPair(a, b, { carry: (deliver) => void network.clock.setTimeout(deliver, 50) })
    await network.clock.run(75)
    network.kill('a')
    await network.clock.runUntilIdle()
    expect(network.clock.now()).toBeLessThan(60_000)
    expect(b.connectionState).toBe(CLOSED)
  })

  test('is noticed after 30 s by one that sends nothing, and says nothing itself', async () => {
    const pair = await openPair({}, RELIABLE)
    const dead = statesOf(pair.network, pair.b)
    pair.network.kill('b')
    await pair.network.clock.run(29_999)
    expect(pair.a.connectionState).toBe(CONNECTED)
    await pair.network.clock.run(1)
    expect(pair.a.connectionState).toBe(CLOSED)
    expect(dead).toHaveLength(1)
  })

  test('is noticed after 12.6 to 13 s by one that sends', async () => {
    const pair = await openPair({}, RELIABLE)
    await chatter(pair, 1)
    const start = pair.network.clock.now()
    pair.network.kill('b')
    await chatter(pair, 60)
    expect(pair.network.clock.now() - start).toBeGreaterThan(12_500)
    expect(pair.network.clock.now() - start).toBeLessThan(13_100)
  })

  test('may start anew under its name; the old connections stay dead', async () => {
    const pair = await openPair({}, RELIABLE)
    pair.network.kill('b')
    const restarted = pair.network.host('b')
    expect(restarted.isAlive).toBe(true)
    expect(pair.network.host('b')).toBe(restarted)
    await pair.network.clock.run(30_000)
    expect(pair.a.connectionState).toBe(CLOSED)
  })
})

describe('a partition', () => {
  test('separates only the two groups', async () => {
    const pair = await openPair({}, RELIABLE)
    const received = numbersOf(pair.receiver)
    pair.network.partition(['a'], ['c', 'd'])
    pair.sender.send(numbered(0))
    await pair.network.clock.run(10)
    expect(received).toEqual([0])
    pair.network.partition(['c', 'b'], ['a'])
    pair.sender.send(numbered(1))
    await pair.network.clock.run(100)
    expect(received).toEqual([0])
    pair.network.heal()
    await pair.network.clock.run(1000)
    expect(received).toEqual([0, 1])
  })
})
