import { expect, test } from '@jest/globals'
import { presentTurn } from '../../../src/transport/library/send-turn.ts'

test('all sends of a turn share it, and it is stamped with its end', async () => {
  const turn = presentTurn()
  for (const start = performance.now(); performance.now() - start < 5;) expect(presentTurn()).toBe(turn)
  expect(turn.endedAt).toBeUndefined()
  const end = performance.now()
  await Promise.resolve()
  expect(turn.endedAt).toBeGreaterThanOrEqual(end)
  expect(presentTurn()).not.toBe(turn)
})
