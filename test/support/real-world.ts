import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import type { World } from './mesh-world.ts'

/** Resolves when the condition holds, looked at every few milliseconds; rejects after `limit` milliseconds. */
export async function until(condition: () => boolean, limit = 15_000): Promise<void> {
  const end = performance.now() + limit
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      if (condition()) resolve()
      else if (performance.now() > end)
        reject(new Error(`After ${limit} ms the condition does not hold: ${String(condition)}`))
      else return
      clearInterval(timer)
    }, 5)
  })
}

/** Real connections in this process. */
export const realWorld: World = {
  options: {},
  PeerConnection: () => NodePeerConnection,
  until,
  // On loopback whatever is to be heard is heard within a few milliseconds; a wrong signal after that is what this waits for.
  settle: async () => {
    const end = performance.now() + 100
    await until(() => performance.now() >= end)
  },
}
