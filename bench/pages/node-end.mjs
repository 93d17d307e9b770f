/** The other end of a page's connection, in a process of Node: `node node-end.mjs CONTESTANT ADDRESS`, the WebSocket's of its session. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { serve } from '../harness/processes.mjs'
import { secondEnd } from './ends.mjs'
import { Line } from './line.mjs'

const [contestant, address] = process.argv.slice(2)
process.once('disconnect', () => process.exit(0))

serve({
  async join() {
    const adapter = await import(new URL(`../contestants/${contestant}.mjs`, import.meta.url))
    const socket = new WebSocket(address)
    await once(socket, 'open')
    secondEnd(new Line(socket), { adapter })
  },
})
