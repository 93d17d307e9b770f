/** The process of the servers: one of each kind, one after the other at work. */
import { serve } from '../harness/processes.mjs'
import { processUse } from './processor-use.mjs'
import { SERVERS } from './servers.mjs'

const servers = {}
const connected = {}
const parent = serve({
  start: (contestant) => {
    servers[contestant] = SERVERS[contestant]((id, signal) => parent.signal({ contestant, id, signal }))
    connected[contestant] = []
  },
  add: ({ contestant, id }) => {
    connected[contestant].push(servers[contestant].add(id))
  },
  connected: (contestant) => Promise.all(connected[contestant]).then(() => undefined),
  use: processUse,
  close: () => Promise.all(Object.values(servers).map((server) => server.close())).then(() => undefined),
})
parent.onSignal = ({ contestant, id, signal }) => servers[contestant].signal(id, signal)
