import { fileURLToPath } from 'node:url'
import { ClientsOf } from '../api/clients-of.mjs'
import { inProcesses } from '../harness/in-processes.mjs'
import { startOther } from '../harness/processes.mjs'

const SERVER = fileURLToPath(new URL('support/relay-server.mjs', import.meta.url))
/** As the bench of the API calls the two: a loop that only forwards, over the native library and over WebRTCMultiplayerPeer. */
const KINDS = { raw: 'native', ours: 'peer' }
/** Packets per second of each client, by how many there are: from what is easy to more than two processors can do. */
const RATES = { 16: [120, 240, 480], 32: [30, 60, 120] }

export const title = 'A star: a server passes on what each client sends to everyone'
export const note =
  '64 B, unreliable, at a rate for each client; the server in one process, all clients in another one. Nobody waits for anybody. Deliveries: those that arrived, per second of sending. ' +
  'Latency: from the moment in which the client got to it. Lost: dropped at the client or at the server, mostly on purpose. JS: of the server, per delivery.'
export const contestants = ['raw', 'ours']
export const baseline = 'raw'
export const limit = 60
export const cells = ({ quick }) =>
  Object.entries(RATES).flatMap(([clients, rates]) =>
    (quick ? rates.filter((_, i) => i % 2 === 1) : rates).map((rate) => ({
      name: `${clients} clients, ${rate}/s each`,
      clients: Number(clients),
      rate,
    })),
  )
export const columns = [
  { key: 'deliveries', title: 'deliveries/s' },
  { key: 'p50', title: 'p50 ms', digits: 1 },
  { key: 'p99', title: 'p99 ms', digits: 1, ratio: true },
  { key: 'lost', title: 'lost %', scale: 100, digits: 1 },
  { key: 'js', title: 'JS us', digits: 2, ratio: true },
]

export const open = inProcesses(import.meta.url)

const stars = new Map()

/** Stars stay: one for each number of clients. */
export async function measure({ clients, rate }, { adapter, settings }) {
  if (!stars.has(clients)) stars.set(clients, formStar(KINDS[adapter.name], clients))
  const star = await stars.get(clients)
  const cell = { index: 2, everyone: true }
  const seen = await star.paced(cell, rate * clients * (clients - 1), settings.milliseconds)
  return { ...seen, deliveries: seen.offered * (1 - seen.lost) }
}

async function formStar(kind, count) {
  const server = startOther(SERVER)
  const clients = new ClientsOf(server, kind)
  server.onSignal = ({ id, signal }) => clients.signal(id, signal)
  await clients.connect(count)
  return clients
}
