import { describe, expect, test } from '@jest/globals'
import type { DataChannelOptions } from '../../../src/transport/data-channel.ts'
import { ChannelState } from '../../../src/transport/states.ts'
import {
  at,
  numbered,
  numbersOf,
  openPair,
  ORDERED_LOSSY,
  RELIABLE,
  sendPaced,
  UNORDERED,
  UNORDERED_LOSSY,
  upTo,
} from './simulated-pair.ts'

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b)

/** 500 messages, one every 10 ms, over a bad link. */
async function overBadLink(channel: DataChannelOptions, seed = 1): Promise<number[]> {
  const pair = await openPair({ seed, latency: 20, jitter: 10, loss: 0.1, duplication: 0.1, reordering: 0.2 }, channel)
  const received = numbersOf(pair.receiver)
  await sendPaced(pair, pair.sender, 500, 10)
  await pair.network.clock.run(30_000)
  expect(pair.network.counters.lost).toBeGreaterThan(50)
  expect(pair.network.counters.duplicated).toBeGreaterThan(50)
  expect(pair.network.counters.reordered).toBeGreaterThan(100)
  return received
}

describe.each([1, 2, 3, 4, 5])('over a link that loses, duplicates and reorders (seed %i)', (seed) => {
  test('a reliable ordered channel delivers everything once, in order', async () => {
    expect(await overBadLink(RELIABLE, seed)).toEqual(upTo(500))
  })

  test('a reliable unordered channel delivers everything once, and later messages do not wait for lost ones', async () => {
    const received = await overBadLink(UNORDERED, seed)
    expect(ascending(received)).toEqual(upTo(500))
    expect(received).not.toEqual(upTo(500))
  })

  test('an ordered unreliable channel loses some, and delivers the others once, in order', async () => {
    const received = await overBadLink(ORDERED_LOSSY, seed)
    expect(received).toEqual([...new Set(ascending(received))])
    expect(received.length).toBeGreaterThan(350)
    expect(received.length).toBeLessThan(495)
  })

  test('an unordered unreliable channel loses some, and delivers the others once, in any order', async () => {
    const received = await overBadLink(UNORDERED_LOSSY, seed)
    expect(new Set(received).size).toBe(received.length)
    expect(received).not.toEqual(ascending(received))
    expect(received.length).toBeGreaterThan(350)
    expect(received.length).toBeLessThan(495)
  })

  test('a short life time is as unreliable as no retransmission, a long one as reliable as none', async () => {
    expect((await overBadLink({ maxPacketLifeTime: 1 }, seed)).length).toBeLessThan(495)
    expect(await overBadLink({ maxPacketLifeTime: 65535 }, seed)).toEqual(upTo(500))
  })

  test('a few retransmissions lose less', async () => {
    const none = await overBadLink({ maxRetransmits: 0 }, seed)
    const three = await overBadLink({ maxRetransmits: 3 }, seed)
    expect(three.length).toBeGreaterThan(none.length)
    expect(three.length).toBeGreaterThanOrEqual(499)
  })
})

describe('large messages', () => {
  test('arrive as they were, over a lossy link too', async () => {
    const pair = await openPair({ latency: 10, loss: 0.02 }, RELIABLE)
    const message = Uint8Array.from({ length: 262144 }, (_, index) => index * 7)
    pair.sender.send(message)
    await pair.network.clock.run(30_000)
    expect(pair.receiver.getPacket()).toEqual(message)
  })

  test('are lost as a whole when one of their packets is: unreliable ones hardly arrive', async () => {
    const pair = await openPair({ latency: 10, loss: 0.05 }, UNORDERED_LOSSY)
    const received = numbersOf(pair.receiver)
    for (const value of upTo(50)) {
      pair.sender.send(numbered(value, 100_000))
      await pair.network.clock.run(1000)
    }
    expect(received.length).toBeLessThan(5)
  })

  test('are not held up by a lost one on another channel', async () => {
    const pair = await openPair({ latency: 10 }, RELIABLE, RELIABLE)
    const [first, second] = pair.right.map(numbersOf)
    pair.network.setConditions({ loss: 1 })
    pair.sender.send(numbered(1))
    await pair.network.clock.run(1)
    pair.network.setConditions({ loss: 0 })
    at(pair.left, 1).send(numbered(2))
    await pair.network.clock.run(50)
    expect([first, second]).toEqual([[], [2]])
    await pair.network.clock.run(2000)
    expect([first, second]).toEqual([[1], [2]])
  })
})

describe('congestion', () => {
  /** Virtual milliseconds that 4 MB take. */
  async function transferTime(loss: number): Promise<number> {
    const pair = await openPair({ latency: 20, loss }, RELIABLE)
    const received = numbersOf(pair.receiver)
    const start = pair.network.clock.now()
    for (const value of upTo(20)) pair.sender.send(numbered(value, 200_000))
    await pair.network.clock.runUntil(() => received.length === 20)
    return pair.network.clock.now() - start
  }

  test('loss slows a transfer down far more than by what has to be sent again', async () => {
    const [perfect, lossy] = [await transferTime(0), await transferTime(0.02)]
    expect(perfect).toBeLessThan(1000)
    expect(lossy).toBeGreaterThan(10 * perfect)
  })
})

describe('bandwidth', () => {
  test('limits throughput, and what waits counts as buffered until it is low', async () => {
    const pair = await openPair({ latency: 10, bandwidth: 100_000, sendBuffer: 20_000 }, RELIABLE)
    const channel = pair.sender
    const lowAt: number[] = []
    channel.bufferedAmountLowThreshold = 50_000
    channel.bufferedAmountLow$.subscribe(() => {
      expect(channel.bufferedAmount).toBeLessThanOrEqual(50_000)
      lowAt.push(pair.network.clock.now())
    })
    const received = numbersOf(pair.receiver)
    const start = pair.network.clock.now()
    const taken = upTo(50).map((value) => channel.send(numbered(value, 10_000)))
    expect(taken).toEqual(upTo(50).map((value) => value < 2))
    expect(channel.bufferedAmount).toBe(480_000)
    await pair.network.clock.runUntil(() => received.length === 50)
    const seconds = (pair.network.clock.now() - start) / 1000
    // 500 kB at 100 kB/s, and what packets carry besides.
    expect(seconds).toBeGreaterThan(5)
    expect(seconds).toBeLessThan(7)
    expect(at(lowAt, 0) - start).toBeGreaterThan(3500)
    expect(channel.bufferedAmount).toBe(0)
  })
})

describe('closing a channel', () => {
  test('delivers what was sent before, however bad the link, then closes the other side; other channels live on', async () => {
    const pair = await openPair({ latency: 20, loss: 0.2 }, RELIABLE, RELIABLE)
    const received = numbersOf(pair.receiver)
    const other = numbersOf(at(pair.right, 1))
    upTo(200).forEach((value) => pair.sender.send(numbered(value, 1000)))
    pair.sender.close()
    expect(pair.sender.readyState).toBe(ChannelState.CLOSING)
    await pair.network.clock.runUntil(() => pair.receiver.readyState === ChannelState.CLOSED)
    expect(received).toEqual(upTo(200))
    await pair.network.clock.runUntil(() => pair.sender.readyState === ChannelState.CLOSED)
    at(pair.left, 1).send(numbered(7))
    await pair.network.clock.run(10_000)
    expect(other).toEqual([7])
  })
})
