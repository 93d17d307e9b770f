import { afterAll, afterEach } from '@jest/globals'
import { closeAlive, countAlive } from '../../src/transport/node/keep-alive.ts'
import { removeBundles } from './run-child.ts'

/** Milliseconds in which native objects give their last event after a close; usually a few. */
const PATIENCE = 2000

async function noneAlive(): Promise<boolean> {
  const deadline = performance.now() + PATIENCE
  while (countAlive() > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  return countAlive() === 0
}

// Hooks run in the order in which they were registered, inner blocks first: a file closes its connections in the afterEach of a describe.
// The native library's cleanup() is never called: it crashes or blocks where anything was left open, and nothing needs it otherwise.
afterEach(async () => {
  if (await noneAlive()) return
  const left = countAlive()
  closeAlive()
  await noneAlive()
  throw new Error(`The test left ${left} native connections and channels open; close its connections.`)
})

afterAll(removeBundles)
