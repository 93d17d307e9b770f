import { fileURLToPath } from 'node:url'
import { startOther } from '../../harness/processes.mjs'

const CLIENTS = fileURLToPath(new URL('star-clients.mjs', import.meta.url))
/** Id of the first client; the server has 1. */
const FIRST = 2

/**
 * A server in this process and clients in another one, connected one after the other, as they come to a server.
 *
 * @returns the `server`, a peer, and `call` for the handlers of star-clients.mjs.
 */
export async function formStar({ adapter, variant }, clients) {
  const other = startOther(CLIENTS, [adapter.name, ...(variant === undefined ? [] : [variant])])
  const server = adapter.createPeer({ id: 1, variant, topology: 'star' })
  other.onSignal = ({ id, value }) => server.ends.get(id).signal(value)
  for (let id = FIRST; id < FIRST + clients; id++) {
    const sendSignal = (value) => other.signal({ id, value })
    const { opened } = server.connect({ role: 'answer', peerId: id, sendSignal })
    await other.call('start', id)
    await Promise.all([opened, other.call('opened', id)])
  }
  return { server, call: other.call }
}
