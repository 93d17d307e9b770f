import { describe, expect, test } from '@jest/globals'
import { EarlyPackets } from '../../../src/services/multiplayer-api/early-packets.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { bytes } from './support/api-world.ts'

function store(limit: number) {
  const world = { now: 0, dropped: 0 }
  const early = new EarlyPackets(
    limit,
    () => world.now,
    () => world.dropped++,
  )
  const hold = (source: number, ...inner: number[]): void => {
    const data = bytes(7, 3, source, 0, 0, 0, ...inner)
    early.hold(source, data.subarray(6), { peer: 1, channel: 0, mode: TransferMode.RELIABLE, data })
  }
  const take = (source: number): number[][] => early.take(source).map(({ inner }) => [...inner])
  return { world, early, hold, take }
}

describe('packets whose source nobody has told of', () => {
  test('come out in order, for each source by itself, and once', () => {
    const { hold, take, world } = store(1_000)
    for (const [source, byte] of [
      [5, 1],
      [6, 2],
      [5, 3],
      [7, 4],
      [5, 5],
    ] as const)
      hold(source, 3, byte)
    expect(take(5)).toEqual([[3, 1], [3, 3], [3, 5]]) // prettier-ignore
    expect(take(5)).toEqual([])
    expect([take(7), take(6)]).toEqual([[[3, 4]], [[3, 2]]])
    expect(world.dropped).toBe(0)
  })

  test('give their room back when they are taken, too old, or cleared', () => {
    const { early, hold, take, world } = store(3 * (64 + 2))
    for (const byte of [1, 2, 3]) hold(5, 3, byte)
    take(5)
    for (const byte of [4, 5, 6]) hold(6, 3, byte)
    expect(world.dropped).toBe(0)
    world.now = 2_001
    for (const byte of [7, 8, 9]) hold(7, 3, byte)
    expect(world.dropped).toBe(3)
    early.clear()
    for (const byte of [10, 11, 12]) hold(8, 3, byte)
    expect([take(7), take(8).length, world.dropped]).toEqual([[], 3, 3])
  })

  test('do not wait where their source has just left: they are its last, not the first of the next one with that id', () => {
    const { early, hold, take, world } = store(1_000)
    early.left(5)
    world.now = 1_999
    hold(5, 3, 1)
    hold(6, 3, 2)
    expect([take(5), take(6), world.dropped]).toEqual([[], [[3, 2]], 1])
    world.now = 2_001
    hold(5, 3, 3)
    expect([take(5), world.dropped]).toEqual([[[3, 3]], 1])
  })

  test('cost the same each, however many wait', () => {
    const { hold, take, world } = store(8 * 1024 * 1024)
    const room = Math.floor((8 * 1024 * 1024) / 66)
    for (let i = 0; i < room; i++) hold(6, 3, 0)
    for (let i = 0; i < 100_000; i++) hold(5, 3, 1)
    expect(world.dropped).toBe(100_000)
    expect([take(5).length, take(6).length]).toEqual([100_000, room - 100_000])
  })
})
