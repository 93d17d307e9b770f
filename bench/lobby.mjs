/**
 * The lobby server with many sockets, beside a bare relay over `ws` that only forwards between rooms; each with its load from another process, in turn, a new server for each round.
 * `node bench/lobby.mjs [--sockets 5000] [--lobbies 600] [--rate 5000] [--seconds 10] [--rounds 5] [--quick] [--json]`
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { goal, median, spread } from './harness/stats.mjs'
import { table } from './harness/table.mjs'

const { values } = parseArgs({
  options: {
    sockets: { type: 'string' },
    lobbies: { type: 'string' },
    rate: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const usual = values.quick
  ? { sockets: 500, lobbies: 60, rate: 1000, seconds: 2, rounds: 1 }
  : { sockets: 5000, lobbies: 600, rate: 5000, seconds: 10, rounds: 5 }
const settings = Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, Number(values[name] ?? value)]))
const { sockets, lobbies, rate, rounds } = settings

const script = (name) => fileURLToPath(new URL(`lobby/${name}.mjs`, import.meta.url))

/** A child that answers each message with one; `what` names the member of the answer that is wanted. */
function startChild(name, args, execArgv = []) {
  const child = fork(script(name), args, { execArgv })
  const answer = (what) =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${name} ended before it told its ${what}`))
      child.once('exit', ended)
      child.once('message', (message) => {
        child.off('exit', ended)
        resolve(message[what])
      })
    })
  return {
    answer,
    ask(what) {
      const answered = answer(what)
      child.send(what)
      return answered
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await ended
    },
  }
}

async function round(contestant) {
  const server = startChild('server-process', [contestant, String(sockets), String(lobbies)], ['--expose-gc'])
  const url = await server.answer('url')
  const load = startChild('load-process', [JSON.stringify({ ...settings, url })])
  const empty = await server.ask('memory')
  const { joinsPerSecond } = await load.ask('join')
  const full = await server.ask('memory')
  const [paced, pacedCpu] = await withCpu(server, () => load.ask('paced'))
  const [flood, floodCpu] = await withCpu(server, () => load.ask('flood'))
  await load.stop()
  await server.stop()
  return {
    memory: (full - empty) / sockets / 1024,
    joinsPerSecond,
    p50: paced.p50,
    p99: paced.p99,
    share: (100 * pacedCpu.time) / pacedCpu.wall,
    signalsPerSecond: flood.signalsPerSecond,
    perSignal: (1000 * floodCpu.time) / flood.sent,
    lost: paced.lost + flood.lost,
  }
}

/** What a phase gave, and the processor time of the server meanwhile, milliseconds. */
async function withCpu(server, phase) {
  const [before, start] = [await server.ask('cpu'), performance.now()]
  const result = await phase()
  const [after, end] = [await server.ask('cpu'), performance.now()]
  const time = (after.user + after.system - before.user - before.system) / 1000
  return [result, { time, wall: end - start }]
}

const CONTESTANTS = ['relay', 'ours']
const seen = { relay: [], ours: [] }
for (let i = 0; i < rounds; i++)
  for (const contestant of i % 2 ? CONTESTANTS.toReversed() : CONTESTANTS)
    seen[contestant].push(await round(contestant))

const of = (contestant, key) => seen[contestant].map((result) => result[key])
const rows = CONTESTANTS.map((contestant) => ({
  [`${sockets} sockets, ${lobbies} lobbies`]: contestant,
  'KiB per socket': spread(of(contestant, 'memory'), 1),
  'joins/s': spread(of(contestant, 'joinsPerSecond')),
  [`p50 ms at ${rate}/s`]: spread(of(contestant, 'p50'), 2),
  'p99 ms': spread(of(contestant, 'p99'), 1),
  'server % of a CPU': spread(of(contestant, 'share'), 1),
  'signals/s flooded': spread(of(contestant, 'signalsPerSecond')),
  'server µs/signal': spread(of(contestant, 'perSignal'), 1),
  lost: spread(of(contestant, 'lost')),
}))
const compare = (key) => median(of('ours', key)) / median(of('relay', key))
const goals = [
  goal('KiB per socket, ours', median(of('ours', 'memory')), 30),
  goal(`server CPU at ${rate}/s, ours / relay`, compare('share'), 1.5),
  goal('server CPU per signal when flooded, ours / relay', compare('perSignal'), 1.5),
  goal(`p99 ms at ${rate}/s, ours`, median(of('ours', 'p99')), 10),
  goal('signals lost, ours, all rounds', Math.max(...of('ours', 'lost')), 0),
]
if (values.json) console.log(JSON.stringify({ settings, rows, goals }))
else {
  // The goals are for full numbers: few sockets have to bear the whole growth of the heap.
  for (const part of values.quick ? [rows] : [rows, goals]) {
    table(part)
    console.log()
  }
}
