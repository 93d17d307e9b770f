import { describe, expect, test } from '@jest/globals'
import { PacketBuffer } from '../../../src/services/multiplayer-peer/packet-buffer.ts'
import { type Packet, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'

const packet = (value: number, size = 1): Packet => ({
  peer: 2,
  channel: 0,
  mode: TransferMode.RELIABLE,
  data: new Uint8Array(size).fill(value),
})
const valueOf = (taken: Packet | undefined): number | undefined => taken?.data[0]

/** Channels: reliable, unreliable, unreliable. A packet of one byte costs 65 bytes of the limit. */
const bufferOf = (packets: number): PacketBuffer => new PacketBuffer([false, true, true], packets * 65)

describe('packets that wait', () => {
  test('come out in the order of their arrival, whatever their channel', () => {
    const buffer = bufferOf(9)
    ;[2, 0, 1, 0, 2].forEach((index, value) => buffer.push(index, packet(value)))
    expect([buffer.count, buffer.bytes]).toEqual([5, 5])
    expect(Array.from({ length: 6 }, () => valueOf(buffer.takeOldest()))).toEqual([0, 1, 2, 3, 4, undefined])
    expect([buffer.count, buffer.bytes, buffer.dropped]).toEqual([0, 0, 0])
  })

  test('or channel by channel', () => {
    const buffer = bufferOf(9)
    ;[2, 1, 2].forEach((index, value) => buffer.push(index, packet(value)))
    expect(buffer.lowestChannel()).toBe(1)
    expect([1, 0, 7].map((index) => valueOf(buffer.first(index)))).toEqual([1, undefined, undefined])
    expect(valueOf(buffer.takeFrom(2))).toBe(0)
    expect(valueOf(buffer.takeFrom(1))).toBe(1)
    expect(buffer.lowestChannel()).toBe(2)
    expect(valueOf(buffer.takeFrom(2))).toBe(2)
    expect(buffer.lowestChannel()).toBe(-1)
    expect(buffer.takeFrom(0)).toBeUndefined()
  })

  test('the oldest unreliable one makes room, for whatever comes', () => {
    const buffer = bufferOf(3)
    ;[0, 2, 1].forEach((index, value) => buffer.push(index, packet(value)))
    expect(buffer.push(0, packet(3))).toBe(true)
    expect(buffer.push(1, packet(4))).toBe(true)
    expect(buffer.dropped).toBe(2)
    expect(Array.from({ length: 3 }, () => valueOf(buffer.takeOldest()))).toEqual([0, 3, 4])
  })

  test('where reliable ones take all the room, an unreliable one is dropped, and a reliable one is too much', () => {
    const buffer = bufferOf(2)
    for (const value of [0, 1]) expect(buffer.push(0, packet(value))).toBe(true)
    expect(buffer.push(2, packet(2))).toBe(true)
    expect(buffer.dropped).toBe(1)
    expect(buffer.push(0, packet(3))).toBe(false)
    expect(buffer.dropped).toBe(2)
    expect(buffer.count).toBe(2)
  })

  test('as many as it takes make room', () => {
    const buffer = bufferOf(3)
    for (const value of [0, 1, 2]) buffer.push(1, packet(value))
    expect(buffer.push(0, packet(3, 65))).toBe(true)
    expect(buffer.dropped).toBe(2)
    expect([valueOf(buffer.takeOldest()), valueOf(buffer.takeOldest())]).toEqual([2, 3])
  })

  test('a reliable one never makes room, whatever its channel', () => {
    const buffer = new PacketBuffer([true, false], 65)
    buffer.push(1, packet(0))
    expect(buffer.push(0, packet(1))).toBe(true)
    expect(buffer.push(1, packet(2))).toBe(false)
    expect(valueOf(buffer.takeOldest())).toBe(0)
  })

  test('up to the limit to the byte', () => {
    const limited = new PacketBuffer([false], 64 + 100)
    expect(limited.push(0, packet(0, 101))).toBe(false)
    expect(limited.push(0, packet(0, 100))).toBe(true)
  })
})
