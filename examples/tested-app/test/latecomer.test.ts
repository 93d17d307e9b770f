import { expect, test } from '@jest/globals'
import { Table } from './support/table.ts'

test('who comes later looks on, whoever is the host', async () => {
  const table = new Table({ size: 3, matches: 5 })
  const { clock } = table.network
  for (const id of [2, 3, 4]) table.join(id)
  await clock.runUntil(() => table.seats.every(({ shown }) => shown?.turn === 0))
  // With the lowest id of all.
  table.join(1)
  const latecomer = table.seat(1)
  await clock.runUntil(() => latecomer.shown !== null)
  expect(latecomer.shown).toEqual({ turn: 0, matches: 5, players: [2, 3, 4] })
  latecomer.game.send({ type: 'choose', count: 1 })
  await clock.run(1_000)
  expect(latecomer.shown?.turn).toBe(0)

  table.die(2)
  await clock.runUntil(() => latecomer.shown?.players.length === 2)
  table.seat(3).game.send({ type: 'choose', count: 3 })
  await clock.runUntil(() => latecomer.shown?.turn === 1)
  table.seat(4).game.send({ type: 'choose', count: 2 })
  await clock.runUntil(() => table.seats.every(({ winners }) => winners.length > 0))
  expect(table.seats.map(({ winners, isHost }) => ({ winners, isHost }))).toEqual([
    { winners: [4], isHost: true },
    { winners: [4], isHost: false },
    { winners: [4], isHost: false },
  ])
})

test('nothing begins before all are there, or with one too many', async () => {
  const table = new Table({ size: 2 })
  const { clock } = table.network
  table.join(1)
  await clock.run(1_000)
  expect(table.seat(1).shown).toBeNull()
  table.join(2)
  table.join(3)
  await clock.run(5_000)
  expect(table.seats.map(({ shown }) => shown)).toEqual([null, null, null])
  table.die(2)
  await clock.runUntil(() => table.seats.every(({ shown }) => shown !== null))
  expect(table.seat(3).shown).toEqual({ turn: 0, matches: 21, players: [1, 3] })
})
