import { afterAll, beforeEach, expect } from '@jest/globals'
import { closeAlive, countAlive } from '../../src/transport/node/keep-alive.ts'
import { removeBundles } from './run-child.ts'

/** Milliseconds in which native objects give their last event after a close; usually a few. */
const PATIENCE = 2000

let previous: string | undefined

// Looked at before the next test and at the end, because hooks run in the order in which they were registered: an afterEach here would come before
// the test file's own. The native library's cleanup() is never called: it crashes or blocks where anything was left open, and nothing needs it otherwise.
beforeEach(async () => {
  await expectNothingLeft()
  previous = expect.getState().currentTestName
})

afterAll(async () => {
  await removeBundles()
  await expectNothingLeft()
})

async function expectNothingLeft(): Promise<void> {
  if (await noneAlive()) return
  const left = countAlive()
  closeAlive()
  await noneAlive()
  throw new Error(
    `The test "${previous ?? '?'}" left ${left} native connections and channels open; it has to close its connections.`,
  )
}

async function noneAlive(): Promise<boolean> {
  const deadline = performance.now() + PATIENCE
  while (countAlive() > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  return countAlive() === 0
}
