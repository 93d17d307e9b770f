/**
 * A thousand peers in rooms, over the lobby's brokers: what one join costs the server and the broker, and how that grows with the size of a room and with the number of rooms.
 *
 * The lobby servers, their sockets, the Redis and the clients (`joinLobby`, all in one process) are real, because what is asked for is processor time and memory, which virtual time has none
 * of, and a Redis cannot be told what time it is. The peers' WebRTC is simulated, as a thousand peers in rooms of 32 have 31,000 ends of connections: real ones would measure DTLS, and no
 * machine of a bench holds them. Rooms are meshes; the largest ones come as client/server lobbies too, in which everyone has to do with the host alone. The messages per join are the same in every run; the time until all are there is bounded by the process of the clients.
 *
 * `npm run bench:rooms [-- --peers 1000] [--sizes 4,8,16,32] [--of 8] [--brokers memory,redis] [--rounds 3] [--quick] [--json FILE] [--write]`
 *
 * `--of`: the size of room with which a quarter and a half of the peers come, too. `--write`: into docs/scaling.md.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { median, spread } from '../harness/stats.mjs'
import { table } from '../harness/table.mjs'
import { whyNoRedis } from './rooms/redis.mjs'
import { runRooms } from './rooms/run.mjs'
import { exponentText, powerFit } from './support/fit.mjs'
import { circumstances, markdownTable, writeTables } from '../harness/written-tables.mjs'

const { values } = parseArgs({
  options: {
    peers: { type: 'string' },
    sizes: { type: 'string' },
    of: { type: 'string', default: '8' },
    brokers: { type: 'string', default: 'memory,redis' },
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    json: { type: 'string' },
    write: { type: 'boolean' },
  },
})
const peers = Number(values.peers ?? (values.quick ? 128 : 1000))
const sizes = (values.sizes ?? (values.quick ? '4,8,16' : '4,8,16,32')).split(',').map(Number)
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const middle = Number(values.of)
const noRedis = whyNoRedis()
const brokers = values.brokers.split(',').filter((broker) => broker !== 'redis' || noRedis === null)
if (values.brokers.includes('redis') && noRedis !== null) console.error(`redis is left out: ${noRedis}`)

const cell = (size, all, mode = 'mesh') => ({ size, rooms: Math.floor(all / size), mode })
const bySize = sizes.map((size) => cell(size, peers))
const byRooms = [cell(middle, peers / 4), cell(middle, peers / 2), cell(middle, peers)]
const star = cell(Math.max(...sizes), peers, 'client-server')
const roomsOf = ({ rooms, size, mode }) => `${rooms} of ${size}${mode === 'mesh' ? '' : `, ${mode}`}`
const nameOf = (broker, entry) => `${broker}: ${roomsOf(entry)}`

const seen = new Map()
const cells = [...new Map([...bySize, ...byRooms, star].map((entry) => [nameOf('', entry), entry])).values()]
for (let round = 0; round < rounds; round++) {
  for (const entry of cells) {
    for (const broker of round % 2 ? brokers.toReversed() : brokers) {
      const name = nameOf(broker, entry)
      console.error(`${name}, round ${round + 1}`)
      seen.set(name, [...(seen.get(name) ?? []), await tryTo(() => runRooms({ broker, ...entry }))])
    }
  }
}

/** Time-outs of a machine that does something else are no figures: once more, then it is a fault. */
async function tryTo(run) {
  try {
    return await run()
  } catch (error) {
    console.error(`once more: ${error.message}`)
    return run()
  }
}

const of = (broker, entry, key) => seen.get(nameOf(broker, entry)).map((result) => result[key])
const kilobytes = (list) => list.map((bytes) => bytes / 1024)
const each = (work) => brokers.flatMap((broker) => cells.map((entry) => work(broker, entry)))
/** Counts that do not vary have no spread worth a word. */
const count = (list) => (Number.isNaN(median(list)) ? '-' : median(list).toFixed(1))
const ofRedis = (broker, show) => (broker === 'redis' ? show() : '-')

const messageRows = each((broker, entry) => {
  const counted = (key) => count(of(broker, entry, key))
  return {
    broker,
    rooms: roomsOf(entry),
    'to the server': counted('sent'),
    'from the server': counted('received'),
    KB: count(kilobytes(of(broker, entry, 'bytes'))),
    'asked of the broker': counted('operations'),
    'reports of the broker': counted('reports'),
    'signals through the broker': counted('signals'),
    'Redis commands': ofRedis(broker, () => counted('commands')),
    'KB at Redis': ofRedis(broker, () => count(kilobytes(of(broker, entry, 'redisBytes')))),
  }
})
const costRows = each((broker, entry) => ({
  broker,
  rooms: roomsOf(entry),
  'server CPU ms per join': spread(of(broker, entry, 'cpu'), 2),
  'Redis CPU ms per join': ofRedis(broker, () => spread(of(broker, entry, 'redisCpu'), 2)),
  'server KB per member': spread(kilobytes(of(broker, entry, 'memory')), 1),
  'Redis KB per member': ofRedis(broker, () => spread(kilobytes(of(broker, entry, 'redisMemory')), 1)),
  'join p50 ms': spread(of(broker, entry, 'p50')),
  'join p99 ms': spread(of(broker, entry, 'p99')),
  'all joined s': spread(
    of(broker, entry, 'joined').map((ms) => ms / 1000),
    1,
  ),
  'all connected s': spread(
    of(broker, entry, 'formed').map((ms) => ms / 1000),
    1,
  ),
}))

const GROWING = {
  'messages of the server per join': 'messages',
  'messages at the broker per join': 'broker',
  'server CPU per join': 'cpu',
  'server memory per member': 'memory',
  'bytes at Redis per join': 'redisBytes',
  'Redis CPU per join': 'redisCpu',
  'time until all have joined': 'joined',
}
const fit = (broker, entries, x, key) =>
  powerFit(entries.flatMap((entry) => of(broker, entry, key).map((y) => [entry[x], y])))
const fits = Object.entries(GROWING).flatMap(([what, key]) =>
  brokers
    .filter((broker) => broker === 'redis' || !key.startsWith('redis'))
    .map((broker) => ({
      what,
      broker,
      size: fit(broker, bySize, 'size', key),
      rooms: fit(broker, byRooms, 'rooms', key),
    })),
)
const fitRows = fits.map(({ what, broker, size, rooms }) => ({
  what,
  broker,
  'with the size of a room': exponentText(size),
  'with the number of rooms': exponentText(rooms),
}))

for (const part of [messageRows, costRows, fitRows]) {
  table(part)
  console.log()
}
if (values.json !== undefined) {
  const report = {
    circumstances: circumstances(),
    settings: { peers, sizes, rounds },
    seen: Object.fromEntries(seen),
    fits,
  }
  writeFileSync(values.json, JSON.stringify(report, null, 2))
}
if (values.write) {
  await writeTables('docs/scaling.md', 'rooms', [
    `${circumstances()}; ${rounds} rounds, medians, [least..most].`,
    'Per join:',
    markdownTable(messageRows),
    'Cost:',
    markdownTable(costRows),
    'Exponents, each with the standard error of its fit:',
    markdownTable(fitRows),
  ])
}
