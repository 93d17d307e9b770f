/**
 * What the inspector costs the actors that it watches, in one process, all contestants in turn: microseconds of the thread for each event that is sent to a mesh and to a peer, and for the whole life of a
 * peer (added, connected, removed: 9 events), without an inspector, with one that nobody looks at, after somebody has looked, and while somebody looks. `none, again` is a second contestant like
 * the first: what it differs by is noise.
 * `node bench/inspector.mjs [--rounds 41] [--sends 2000] [--quick] [--json]`
 */
import { parseArgs } from 'node:util'
import { BehaviorSubject } from 'rxjs'
import { createActor } from 'xstate'
import { meshLogic } from '../dist/machines/mesh-machine.js'
import { Inspection } from '../dist/services/inspector/inspection.js'
import { ChannelState, ConnectionState } from '../dist/transport/states.js'
import { goal, median, spread } from './harness/stats.mjs'
import { table } from './harness/table.mjs'
import { jsThreadTime } from './harness/thread-time.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '41' },
    sends: { type: 'string', default: '2000' },
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const rounds = values.quick ? 11 : Number(values.rounds)
const sends = values.quick ? 500 : Number(values.sends)

/** A connection without a transport, as the machines see it. */
class Link {
  connectionState$ = new BehaviorSubject(ConnectionState.NEW)
  channelStates$ = [0, 1, 2].map(() => new BehaviorSubject(ChannelState.CONNECTING))
  lossy = [false, true, true]

  open() {
    this.connectionState$.next(ConnectionState.CONNECTED)
    for (const state$ of this.channelStates$) state$.next(ChannelState.OPEN)
  }

  entered() {}
  release() {}
}

/** A mesh with one peer that is connected, and whoever looks at it. */
function makeWorld({ inspect, look }) {
  const inspection = new Inspection()
  const mesh = createActor(meshLogic, {
    id: 'mesh',
    input: { connectTimeout: 1e9 },
    ...(inspect && { inspect: inspection.inspect }),
  }).start()
  mesh.send({ type: 'configure', mode: 'mesh', uniqueId: 1, serverCompatibility: false, onServerLost: 'stay' })
  const link = new Link()
  mesh.send({ type: 'peer.add', id: 2, link })
  link.open()
  const world = { mesh, link, peer: mesh.getSnapshot().children['peer:2'], inspection, bytes: 0 }
  look?.(world)
  return world
}

const begin = (world) => {
  world.inspection.watch(world.mesh)
  world.inspection.start(() => undefined)
}

const CONTESTANTS = {
  none: {},
  'none, again': {},
  'nobody looks': { look: ({ inspection, mesh }) => inspection.watch(mesh) },
  'nobody looks any more': {
    look: (world) => {
      begin(world)
      world.inspection.stop()
    },
  },
  'nobody looks, as `inspect`': { inspect: true },
  watched: { look: begin },
  'watched, as JSON': {
    look: (world) => {
      world.inspection.watch(world.mesh)
      world.inspection.start((message) => {
        world.bytes += JSON.stringify(message).length
      })
    },
  },
}

const CELLS = {
  'mesh, an event': ({ mesh, link }) => mesh.send({ type: 'peer.open', id: 2, link }),
  'peer, an event': ({ peer }) => peer.send({ type: 'channel.state', index: 0, state: ChannelState.OPEN }),
  'mesh, life of a peer': ({ mesh }) => {
    const link = new Link()
    mesh.send({ type: 'peer.add', id: 3, link })
    link.open()
    mesh.send({ type: 'peer.remove', id: 3, reason: 'removed' })
  },
}
/** A life takes as long as so many events. */
const WEIGHT = { 'mesh, life of a peer': 9 }

function measure(cell, world) {
  const act = CELLS[cell]
  const count = Math.ceil(sends / (WEIGHT[cell] ?? 1))
  // Of this thread alone, so that other processes do not count.
  const start = jsThreadTime()
  for (let i = 0; i < count; i++) act(world)
  return (jsThreadTime() - start) / 1000 / count
}

const names = Object.keys(CONTESTANTS)
const worlds = Object.fromEntries(names.map((name) => [name, makeWorld(CONTESTANTS[name])]))
const seen = Object.fromEntries(Object.keys(CELLS).map((cell) => [cell, Object.fromEntries(names.map((n) => [n, []]))]))
for (const cell of Object.keys(CELLS)) {
  for (const name of names) for (let i = 0; i < 3; i++) measure(cell, worlds[name]) // warms up
  for (let round = 0; round < rounds; round++) {
    // Each begins as often as the others.
    const inTurn = names.map((_, index) => names[(index + round) % names.length])
    for (const name of inTurn) seen[cell][name].push(measure(cell, worlds[name]))
  }
}
const failures = names.map((name) => worlds[name].inspection.stats().failures).reduce((sum, count) => sum + count)
const deaf = names.filter((name) => !name.startsWith('watched') && worlds[name].inspection.stats().systems > 0)
for (const { inspection, mesh } of Object.values(worlds)) {
  inspection.close()
  mesh.stop()
}

/** Each round against `none` of the same round, as both had the same machine then. */
const against = (cell, name) => median(seen[cell][name].map((time, round) => time / seen[cell].none[round]))
const cells = Object.keys(CELLS)
const rows = cells.flatMap((cell) =>
  names.map((name) => ({
    cell,
    inspector: name,
    us: spread(seen[cell][name], 2),
    'times none': against(cell, name).toFixed(3),
  })),
)
const worst = (name) => Math.max(...cells.map((cell) => against(cell, name)))
/** How far two that are the same come apart. */
const noise = Math.max(...cells.map((cell) => against(cell, 'none, again')).map((ratio) => Math.max(ratio, 1 / ratio)))
const extra = (cell, name) => median(seen[cell][name]) - median(seen[cell].none)
const goals = [
  goal('nobody looks, times none and the noise', worst('nobody looks') / noise, 1.05),
  goal('nobody looks any more, times none and the noise', worst('nobody looks any more') / noise, 1.05),
  goal('watched, us more for an event to a mesh', extra('mesh, an event', 'watched'), 15),
  goal('watched, us more for an event to a peer', extra('peer, an event', 'watched'), 15),
  goal('failures of inspections', failures, 0),
  goal('systems listened to while nobody looks', deaf.length, 0),
]
if (values.json) console.log(JSON.stringify({ rows, goals }))
else {
  table(rows)
  console.log()
  table(goals)
}
