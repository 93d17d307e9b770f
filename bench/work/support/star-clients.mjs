/** The process of a star's clients: `node star-clients.mjs ADAPTER [VARIANT]`. */
import { serve } from '../../harness/processes.mjs'

const [name, variant] = process.argv.slice(2)
const { createPeer } = await import(new URL(`../../contestants/${name}.mjs`, import.meta.url))

const SERVER = 1
const clients = new Map()
let received = 0

const parent = serve({
  /** Begins to connect a client. */
  start(id) {
    const peer = createPeer({ id, variant, topology: 'star' })
    peer.onPacket = () => received++
    const sendSignal = (value) => parent.signal({ id, value })
    const end = peer.connect({ role: 'offer', peerId: SERVER, sendSignal })
    clients.set(id, end)
    end.start()
  },
  opened: (id) => clients.get(id).opened.then(() => undefined),
  count() {
    received = 0
  },
  counted: () => received,
})
parent.onSignal = ({ id, value }) => clients.get(id).signal(value)
process.once('disconnect', () => process.exit(0))
