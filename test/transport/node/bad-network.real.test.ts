import { afterEach, describe, expect, test } from '@jest/globals'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import { connectPair, isClosed, type Link } from '../../support/connect.ts'
import { UdpProxy, type Impairment } from '../../support/udp-proxy.ts'

const configuration = { libdatachannel: { bindAddress: '127.0.0.1' } }
const COUNT = 200

describe('through a bad network', () => {
  let proxy = new UdpProxy()
  let pair: [Link, Link] | null = null
  afterEach(() => {
    for (const { connection } of pair ?? []) connection.close()
    pair = null
    proxy.close()
  })

  async function connectThrough(impairment: Impairment): Promise<[Link, Link]> {
    proxy = new UdpProxy(impairment)
    pair = await connectPair(NodePeerConnection, { configuration, rewrite: (candidate) => proxy.rewrite(candidate) })
    return pair
  }

  /** Sends numbered messages on every channel of `from`, one each per 5 ms, and returns what has arrived at `to` when the reliable ones have. */
  async function exchange(
    from: Link,
    to: Link,
  ): Promise<[reliable: number[], ordered: number[], unreliable: number[]]> {
    const received: [number[], number[], number[]] = [[], [], []]
    const complete = new Promise<void>((resolve) => {
      to.channels.forEach((channel, index) => {
        channel.setReceiver((data) => {
          received[index]?.push(new DataView(data.buffer).getUint16(0))
          if (index === 0 && received[0].length === COUNT) resolve()
        })
      })
    })
    let sent = 0
    const timer = setInterval(() => {
      for (const channel of from.channels) channel.send(new Uint8Array([sent >> 8, sent & 255]))
      if (++sent === COUNT) clearInterval(timer)
    }, 5)
    await complete
    return received
  }

  const all = Array.from({ length: COUNT }, (_, i) => i)

  test('with 10 % loss, reliable messages all arrive in order, unreliable ones with gaps', async () => {
    const [a, b] = await connectThrough({})
    proxy.impairment.loss = 0.1
    const [reliable, ordered, unreliable] = await exchange(a, b)
    expect(reliable).toEqual(all)
    expect(proxy.dropped).toBeGreaterThan(0)
    for (const lossy of [ordered, unreliable]) {
      expect(lossy.length).toBeLessThan(COUNT)
      expect(lossy.length).toBeGreaterThan(COUNT / 2)
      expect(new Set(lossy).size).toBe(lossy.length)
    }
    expect(ordered).toEqual(ordered.toSorted((x, y) => x - y))
  })

  test('with datagrams that overtake each other, only the unordered channel is out of order', async () => {
    const [a, b] = await connectThrough({})
    Object.assign(proxy.impairment, { delay: 5, jitter: 40 })
    const [reliable, ordered, unreliable] = await exchange(a, b)
    expect(reliable).toEqual(all)
    expect(ordered).toEqual(ordered.toSorted((x, y) => x - y))
    expect(unreliable).not.toEqual(unreliable.toSorted((x, y) => x - y))
  })

  test('the round trip time shows the delay', async () => {
    const [a, b] = await connectThrough({ delay: 40 })
    await exchange(a, b)
    expect(a.connection.stats().roundTripTime).toBeGreaterThanOrEqual(70)
  })

  test('an outage that traffic meets ends both sides in about 13 seconds', async () => {
    const [a, b] = await connectThrough({})
    proxy.impairment.loss = 1
    for (const { channels } of [a, b]) channels[0].send('into the void')
    await Promise.all([isClosed(a.connection), isClosed(b.connection)])
  })
})
