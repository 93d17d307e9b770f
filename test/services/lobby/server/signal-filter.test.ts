import { describe, expect, test } from '@jest/globals'
import { SignalFilter } from '../../../../src/services/lobby/server/signal-filter.ts'

/** Which of these sequences of one sender get through. */
const pass = (filter: SignalFilter, sequences: readonly number[], now = 0, session = 'a'): number[] =>
  sequences.filter((sequence) => filter.accept(2, session, sequence, now))

describe('signals', () => {
  test('get through once, and never behind a newer one', () => {
    expect(pass(new SignalFilter(null), [1, 2, 2, 5, 3, 5, 6])).toEqual([1, 2, 5, 6])
  })

  test('of each sender count for themselves', () => {
    const filter = new SignalFilter(null)
    expect([filter.accept(2, 'a', 5, 0), filter.accept(3, 'b', 1, 0)]).toEqual([true, true])
  })

  test('of another session, or of a sender that left, begin anew', () => {
    const filter = new SignalFilter(null)
    expect(pass(filter, [9])).toEqual([9])
    expect(pass(filter, [1], 0, 'b')).toEqual([1])
    filter.forget(2)
    expect(pass(filter, [1], 0, 'b')).toEqual([1])
  })

  test('may come behind newer ones for ten seconds after a hand-over, each once', () => {
    const filter = new SignalFilter(1000)
    expect(pass(filter, [7, 8, 5, 6, 7, 5], 1000)).toEqual([7, 8, 5, 6])
    expect(pass(filter, [4, 4], 10_999)).toEqual([4])
    expect(pass(filter, [3, 8, 9], 11_000)).toEqual([9])
  })
})
