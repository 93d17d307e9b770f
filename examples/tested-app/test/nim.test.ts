import { describe, expect, test } from '@jest/globals'
import { decode, encode, type Message } from '../src/messages.ts'
import { isNewer, moverOf, newNim, take, winnerOf, without } from '../src/nim.ts'

describe('the rules', () => {
  test('players take in turn, and the last match wins', () => {
    const one = take(newNim([5, 2], 4), 5, 3)
    expect(one).toEqual({ turn: 1, matches: 1, players: [2, 5] })
    const two = one && take(one, 2, 1)
    expect(two && winnerOf(two)).toBe(2)
    expect(two && moverOf(two)).toBeNull()
    expect(two && take(two, 5, 1)).toBeNull()
  })

  test.each([
    ['of somebody else', 2, 1],
    ['of nothing', 5, 0],
    ['of four', 5, 4],
    ['of a part of a match', 5, 1.5],
    ['of more than there are', 5, 3],
  ])('a move %s is refused', (_, player, count) => {
    expect(take(newNim([5, 2], 2), player, count)).toBeNull()
  })

  test('those who are gone are left out, as long as the game goes on', () => {
    const game = newNim([1, 2, 3])
    expect(without(game, (id) => id === 1).players).toEqual([2, 3])
    expect(winnerOf(without(game, (id) => id !== 3))).toBe(3)
    const over = { ...game, matches: 0 }
    expect(without(over, () => true)).toBe(over)
    expect(without(game, () => false)).toBe(game)
  })

  test('a later turn is newer, and in the same turn fewer players', () => {
    const game = { turn: 3, matches: 9, players: [1, 2, 3] }
    expect(isNewer(game, null)).toBe(true)
    expect(isNewer(game, game)).toBe(false)
    expect(isNewer({ ...game, turn: 4 }, { ...game, players: [1] })).toBe(true)
    expect(isNewer({ ...game, turn: 2, players: [1] }, game)).toBe(false)
    expect(isNewer({ ...game, players: [2, 3] }, game)).toBe(true)
  })
})

describe('messages', () => {
  const game = newNim([1, 2])

  test.each<Message>([
    { type: 'game', game },
    { type: 'report', game },
    { type: 'report', game: null },
    { type: 'take', turn: 0, count: 3 },
  ])('%j arrives as it was sent', (message) => {
    expect(decode(encode(message))).toEqual(message)
  })

  test.each([
    'nonsense',
    'null',
    '[]',
    '{}',
    '{"type":"game"}',
    '{"type":"game","game":null}',
    '{"type":"game","game":{"turn":-1,"matches":1,"players":[1]}}',
    '{"type":"report","game":{"turn":1,"matches":"1","players":[1]}}',
    '{"type":"game","game":{"turn":1,"matches":1,"players":[]}}',
    '{"type":"game","game":{"turn":1,"matches":1,"players":["1"]}}',
    '{"type":"take","turn":1}',
    '{"type":"take","turn":0.5,"count":1}',
  ])('%s is no message', (text) => {
    expect(decode(new TextEncoder().encode(text))).toBeNull()
  })
})
