/** One run: servers, a broker, and all peers that join them, each in fresh processes. */
import { fileURLToPath } from 'node:url'
import { startOther } from '../../harness/processes.mjs'
import { startRedis } from './redis.mjs'

const file = (name) => fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
/** Peers that come and leave again before, at most: what a server pays once is no cost of a join. */
const WARM_UP = 128
const sum = (list) => list.reduce((a, b) => a + b, 0)

/** A memory is for one server, a Redis for more than one. */
const SERVERS = { memory: 1, redis: 2 }

/** @param size - of each room. @param mode - `mesh`, or `client-server`. @returns what it took, each figure for one join. */
export async function runRooms({ broker, rooms, size, mode }) {
  const peers = rooms * size
  const redis = broker === 'redis' ? await startRedis() : null
  const servers = Array.from({ length: SERVERS[broker] }, () =>
    startOther(file('server-process'), [], { execArgv: ['--expose-gc'] }),
  )
  const load = startOther(file('load-process'), [], { execArgv: ['--max-old-space-size=8192'] })
  try {
    const each = (name, value) => Promise.all(servers.map((server) => server.call(name, value)))
    const urls = await each('start', { redis: redis?.url, peers: peers + WARM_UP })
    await load.call('join', { rooms: Math.min(rooms, Math.ceil(WARM_UP / size)), size, mode, servers: urls })
    await load.call('leave')
    const memory = async () => sum(await each('memory'))
    const look = async () => ({ uses: await each('use'), trouble: await each('trouble'), redis: await redis?.use() })
    const empty = await memory()
    const before = await look()
    const seen = await load.call('join', { rooms, size, mode, servers: urls })
    const after = await look()
    const full = await memory()
    if (seen.missing > 0) throw new Error(`${seen.missing} connections are missing: ${seen.verdicts.join(' ')}`)
    const trouble = after.trouble.flatMap((counts, i) => moreThan(counts, before.trouble[i]))
    if (trouble.length > 0) throw new Error(`the servers refused or dropped: ${trouble.join(', ')}`)
    return {
      ...figures(seen, before, after, peers),
      ...redisFigures(before.redis, after.redis, peers),
      memory: (full - empty) / peers,
    }
  } finally {
    for (const other of [load, ...servers]) other.kill()
    await Promise.all([load, ...servers].map((other) => other.exited))
    await redis?.stop()
  }
}

const moreThan = (counts, before) =>
  Object.entries(counts)
    .filter(([reason, count]) => count > (before[reason] ?? 0))
    .map(([reason]) => reason)

function figures(seen, before, after, peers) {
  const grown = (key) => (sum(after.uses.map((use) => use[key])) - sum(before.uses.map((use) => use[key]))) / peers
  return {
    peers,
    sent: seen.sent / peers,
    received: seen.received / peers,
    messages: (seen.sent + seen.received) / peers,
    bytes: seen.bytes / peers,
    operations: grown('operations'),
    signals: grown('signals'),
    reports: grown('reports'),
    delivered: grown('delivered'),
    broker: grown('operations') + grown('signals') + grown('reports') + grown('delivered'),
    cpu: grown('cpu'),
    p50: seen.p50,
    p99: seen.p99,
    joined: seen.joined,
    formed: seen.formed,
  }
}

function redisFigures(before, after, peers) {
  if (before === undefined) return {}
  const grown = (key) => (after[key] - before[key]) / peers
  return {
    commands: grown('commands'),
    redisBytes: grown('bytes'),
    redisCpu: grown('cpu'),
    redisMemory: grown('memory'),
  }
}
