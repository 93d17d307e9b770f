/** PeerJS's own server, in a process of its own. */
import { PeerServer } from 'peer'
import { serve } from '../harness/processes.mjs'

process.once('disconnect', () => process.exit(0))

serve({
  listen: () =>
    new Promise((resolve) => {
      PeerServer({ host: '127.0.0.1', port: 0 }, (server) => resolve(server.address().port))
    }),
})
