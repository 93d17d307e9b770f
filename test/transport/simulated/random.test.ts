import { describe, expect, test } from '@jest/globals'
import { Random } from '../../../src/testing/index.ts'

const take = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.next())

describe('Random', () => {
  test('gives the same sequence for the same seed, and another one for another', () => {
    expect(take(new Random(1), 100)).toEqual(take(new Random(1), 100))
    expect(take(new Random(1), 100)).not.toEqual(take(new Random(2), 100))
  })

  test('is spread evenly from 0 to 1', () => {
    const counts = new Array<number>(10).fill(0)
    for (const value of take(new Random('spread'), 100_000)) {
      expect(value >= 0 && value < 1).toBe(true)
      const bucket = Math.floor(value * 10)
      counts[bucket] = (counts[bucket] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  test('a fork does not depend on what was drawn before, nor on other forks', () => {
    const used = new Random(1)
    take(used, 50)
    take(used.fork('other'), 50)
    expect(take(used.fork('link'), 20)).toEqual(take(new Random(1).fork('link'), 20))
    expect(take(used.fork('a'), 20)).not.toEqual(take(used.fork('b'), 20))
  })

  test('chance() draws nothing where the outcome is certain', () => {
    const random = new Random(1)
    expect([random.chance(0), random.chance(1)]).toEqual([false, true])
    expect(random.next()).toBe(new Random(1).next())
    const hits = Array.from({ length: 10_000 }, () => random.chance(0.3)).filter(Boolean).length
    expect(Math.abs(hits - 3000)).toBeLessThan(200)
  })

  test('shuffled() keeps the members and reaches every order', () => {
    const random = new Random(1)
    const orders = new Set(Array.from({ length: 200 }, () => random.shuffled([1, 2, 3]).join('')))
    expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321'])
  })
})
