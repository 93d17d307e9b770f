/** A lobby server in a process of its own. Needs --expose-gc. */
import { createLobbyServer, memoryBroker, redisBroker } from '../../../dist/lobby-server.js'
import { serve } from '../../harness/processes.mjs'
import { countedBroker } from './counted-broker.mjs'

/** Milliseconds. */
const PATIENCE = 60_000

let server
let counts

serve({
  /** @param redis - a URL; absent: the broker is this process's memory. @param peers - that may be there at once. @returns where clients find the server. */
  async start({ redis, peers }) {
    const counted = countedBroker(redis === undefined ? memoryBroker() : redisBroker(redis))
    counts = counted.counts
    // All sockets come from one address here, and in a burst, on a machine that may be busy; what one socket may send is as by default.
    const limits = { socketsPerAddress: peers, newSocketsPerMinute: 100 * peers, extendedJoinTimeout: PATIENCE }
    server = await createLobbyServer({ port: 0, broker: counted.broker, limits })
    return server.url
  },
  async memory() {
    // Twice: what finalizers give free goes with the second.
    globalThis.gc()
    await new Promise((resolve) => setImmediate(resolve))
    globalThis.gc()
    return process.memoryUsage.rss()
  },
  use() {
    const { user, system } = process.cpuUsage()
    return { cpu: (user + system) / 1000, ...counts }
  },
  /** What was refused or dropped, by reason, with how often. */
  trouble() {
    const { refusals, drops } = server.stats()
    return { ...refusals, ...drops }
  },
  close: () => server.close(),
})
process.once('disconnect', () => process.exit(0))
