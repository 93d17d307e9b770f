import { describe, expect, test } from '@jest/globals'
import { SignalFilter } from '../../../../src/services/lobby/server/signal-filter.ts'

/** Which of these sequences of one sender get through. */
const pass = (
  filter: SignalFilter,
  sequences: readonly number[],
  { now = 0, session = 'a', stay = 1 } = {},
): number[] => sequences.filter((sequence) => filter.accept({ from: 2, session, stay, sequence }, now))

describe('signals', () => {
  test('get through once, and never behind a newer one', () => {
    expect(pass(new SignalFilter(null), [1, 2, 2, 5, 3, 5, 6])).toEqual([1, 2, 5, 6])
  })

  test('of each sender count for themselves', () => {
    const filter = new SignalFilter(null)
    const [two, three] = [
      { from: 2, session: 'a', stay: 1, sequence: 5 },
      { from: 3, session: 'b', stay: 1, sequence: 1 },
    ]
    expect([filter.accept(two, 0), filter.accept(three, 0)]).toEqual([true, true])
  })

  test('of another session, or of a sender that left, begin anew', () => {
    const filter = new SignalFilter(null)
    expect(pass(filter, [9])).toEqual([9])
    expect(pass(filter, [1], { session: 'b' })).toEqual([1])
    filter.forget(2)
    expect(pass(filter, [1], { session: 'b' })).toEqual([1])
  })

  test('of a later stay are newer whatever their sequence, those of an earlier one never are', () => {
    const filter = new SignalFilter(null)
    expect(pass(filter, [8, 9], { stay: 3 })).toEqual([8, 9])
    expect(pass(filter, [1, 2, 2], { stay: 4 })).toEqual([1, 2])
    expect(pass(filter, [10, 11], { stay: 3 })).toEqual([])
    expect(pass(filter, [2, 3], { stay: 4 })).toEqual([3])
  })

  test.each([2 ** 25, 2 ** 52])('are counted at revision %d as at any', (stay) => {
    expect(pass(new SignalFilter(null), [1, 2, 3, 3], { stay })).toEqual([1, 2, 3])
  })

  test('may come behind newer ones for ten seconds after a hand-over, each once', () => {
    const filter = new SignalFilter(1000)
    expect(pass(filter, [7, 8, 5, 6, 7, 5], { now: 1000 })).toEqual([7, 8, 5, 6])
    expect(pass(filter, [8, 8], { now: 1000, stay: 2 })).toEqual([8])
    expect(pass(filter, [4, 4], { now: 10_999 })).toEqual([4])
    expect(pass(filter, [9], { now: 11_000 })).toEqual([])
    expect(pass(filter, [3, 8, 9], { now: 11_000, stay: 2 })).toEqual([9])
  })
})
