import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { firstValueFrom } from 'rxjs'
import type { ChannelMessage } from '../../../src/transport/data-channel.ts'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import { ChannelState, WriteMode } from '../../../src/transport/states.ts'
import { channelIs, connectPair, type Link } from '../../support/connect.ts'

const text = (data: Uint8Array): string => new TextDecoder().decode(data)

describe('NodeDataChannel', () => {
  let a: Link
  let b: Link
  beforeEach(async () => {
    ;[a, b] = await connectPair(NodePeerConnection)
  })
  afterEach(() => {
    a.connection.close()
    b.connection.close()
  })

  /** The next `count` messages of a channel of b. */
  const receive = (count: number, channel: 0 | 1 | 2 = 0): Promise<ChannelMessage[]> =>
    new Promise((resolve) => {
      const messages: ChannelMessage[] = []
      b.channels[channel].setReceiver((data, isText) => {
        if (messages.push({ data, isText }) === count) resolve(messages)
      })
    })

  test('carries text and bytes, empty ones too, as plain Uint8Arrays', async () => {
    const received = receive(5)
    const send = (data: Uint8Array | string): boolean => a.channels[0].send(data)
    expect(send('héllo')).toBe(true)
    send(new Uint8Array([1, 2, 3]).subarray(1))
    send(Buffer.from([9]))
    send('')
    send(new Uint8Array(0))
    const messages = await received
    expect(messages.map(({ data, isText }) => [[...data], isText])).toEqual([
      [[...new TextEncoder().encode('héllo')], true],
      [[2, 3], false],
      [[9], false],
      [[], true],
      [[], false],
    ])
    for (const { data } of messages) {
      expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype)
      expect(data.buffer.byteLength).toBe(data.byteLength)
    }
  })

  test('the bytes are copied before send() returns', async () => {
    const received = receive(1)
    const bytes = new Uint8Array([1, 2, 3])
    a.channels[0].send(bytes)
    bytes.fill(0)
    expect([...((await received)[0]?.data ?? [])]).toEqual([1, 2, 3])
  })

  test('refuses what is no message, and too large ones; the channel lives on', async () => {
    const channel = a.channels[0]
    const wrong: unknown[] = [null, undefined, 7, {}, new ArrayBuffer(4), new DataView(new ArrayBuffer(4)), [1, 2]]
    for (const data of wrong) {
      expect(() => channel.send(data as string)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
      expect(() => {
        channel.putPacket(data as Uint8Array)
      }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
    }
    expect(channel.maxMessageSize).toBe(262144)
    expect(() => channel.send(new Uint8Array(262145))).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }),
    )
    expect(() => channel.send('é'.repeat(131073))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
    const received = receive(1)
    channel.send(new Uint8Array(262144).fill(7))
    expect((await received)[0]?.data).toEqual(new Uint8Array(262144).fill(7))
  })

  test('sending is refused before the channel is open and after it closed', () => {
    const fresh = new NodePeerConnection()
    const channel = fresh.createDataChannel('x', { negotiated: true, id: 1 })
    expect(() => channel.send('early')).toThrow(expect.objectContaining({ code: 'ERR_UNCONFIGURED' }))
    expect(channel).toMatchObject({ readyState: ChannelState.CONNECTING, maxMessageSize: 262144, bufferedAmount: 0 })
    fresh.close()
    a.channels[0].close()
    expect(a.channels[0].readyState).toBe(ChannelState.CLOSING)
    expect(() => a.channels[0].send('late')).toThrow(expect.objectContaining({ code: 'ERR_UNCONFIGURED' }))
  })

  test("Godot's way: write mode, queued packets, no empty packets", async () => {
    const sender = a.channels[0]
    const reader = b.channels[0]
    sender.putPacket(new Uint8Array(0))
    sender.putPacket(new Uint8Array([65]))
    sender.writeMode = WriteMode.TEXT
    sender.putPacket(new TextEncoder().encode('text'))
    while (reader.getAvailablePacketCount() < 2) await new Promise(setImmediate)
    expect([...reader.getPacket()]).toEqual([65])
    expect(reader.wasStringPacket()).toBe(false)
    expect(text(reader.getPacket())).toBe('text')
    expect(reader.wasStringPacket()).toBe(true)
    expect(() => reader.getPacket()).toThrow(expect.objectContaining({ code: 'ERR_UNAVAILABLE' }))
  })

  test('bufferedAmount rises under load and bufferedAmountLow$ tells when it is low again', async () => {
    const channel = a.channels[0]
    channel.bufferedAmountLowThreshold = 65536
    const low = firstValueFrom(channel.bufferedAmountLow$)
    const taken = Array.from({ length: 64 }, () => channel.send(new Uint8Array(65536)))
    expect(taken).toContain(false)
    expect(channel.bufferedAmount).toBeGreaterThan(65536)
    await low
    expect(channel.bufferedAmount).toBeLessThanOrEqual(65536)
  })

  test('a threshold that is no number of bytes is refused', () => {
    expect(() => {
      a.channels[0].bufferedAmountLowThreshold = -1
    }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
  })

  test('what arrived stays readable after the channel closed', async () => {
    a.channels[0].send('kept')
    while (b.channels[0].getAvailablePacketCount() === 0) await new Promise(setImmediate)
    a.connection.close()
    await channelIs(b.channels[0], ChannelState.CLOSED)
    expect(text(b.channels[0].getPacket())).toBe('kept')
  })

  test('a reliable channel whose reader never comes is closed rather than left with a gap', async () => {
    const chunk = new Uint8Array(262144)
    for (let i = 0; i < 65; i++) a.channels[0].send(chunk)
    await channelIs(b.channels[0], ChannelState.CLOSED)
    // 64 of them are 16 MiB, but each costs 64 bytes besides.
    expect(b.channels[0].getAvailablePacketCount()).toBe(63)
  })

  test('counts payload bytes and knows the round trip', async () => {
    const received = receive(2)
    a.channels[0].send(new Uint8Array(1000))
    a.channels[0].send('12345')
    await received
    expect(a.connection.stats()).toMatchObject({ bytesSent: 1005, bytesReceived: 0, refusedCandidates: 0 })
    expect(b.connection.stats()).toMatchObject({ bytesSent: 0, bytesReceived: 1005 })
    expect(a.connection.stats().roundTripTime).toBeGreaterThanOrEqual(0)
    b.connection.close()
    expect(b.connection.stats()).toEqual({
      roundTripTime: null,
      selectedCandidatePair: null,
      bytesSent: 0,
      bytesReceived: 1005,
      refusedCandidates: 0,
    })
  })
})
