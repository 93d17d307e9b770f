import { expect, test } from '@jest/globals'
import { sneakPaths, transitionPaths, walkPath, walkSneakPath } from 'webrtc-multiplayer/testing'
import { isPossible, TableDriver, tableEvents } from './support/table-driver.ts'
import { tableModel } from './table-model.ts'

const PLAYERS = [1, 2, 3]
/** So few that every way to play can be walked. */
const MATCHES = 4

const model = tableModel(PLAYERS.length, MATCHES)
const options = { events: tableEvents(PLAYERS), isPossible }

test('every way to play goes as the model says', async () => {
  const { paths, coverage } = transitionPaths(model, { ...options, join: 12 })
  for (const path of paths) await walkPath(path, coverage, new TableDriver(PLAYERS.length, MATCHES))
  process.stdout.write(`the game: ${coverage.toString()}, ${paths.length} paths\n`)
  coverage.assertComplete()
})

test('what the model refuses changes nothing', async () => {
  const paths = sneakPaths(model, options)
  for (const path of paths) await walkSneakPath(path, new TableDriver(PLAYERS.length, MATCHES))
  const tried = paths.reduce((sum, { refused }) => sum + refused.length, 0)
  process.stdout.write(`the game: ${tried} events refused in ${paths.length} states\n`)
  expect(tried).toBeGreaterThan(100)
})
