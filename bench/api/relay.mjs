/** The relay: clients in this process, servers in another one, every contestant's connections open all the time and at work in turn. */
import { fileURLToPath } from 'node:url'
import { goal, median, spread } from '../harness/stats.mjs'
import { startOther } from '../harness/processes.mjs'
import { ClientsOf } from './clients-of.mjs'
import { stillness } from './processor-use.mjs'

/** `native` and `peer` are loops that only forward, over node-datachannel and over WebRTCMultiplayerPeer; `api` is MultiplayerAPI. */
const CONTESTANTS = ['native', 'peer', 'api']
/** `window` counts the packets that arrive: with 16 clients eight sends to everyone are 120 of them. */
const CELLS = [
  { name: 'to one, reliable', index: 0, everyone: false, window: 128 },
  { name: 'to one, unreliable', index: 2, everyone: false, window: 128 },
  { name: 'to all, reliable', index: 0, everyone: true, window: 120 },
]

/** Share of the processors that other processes may have in a round that counts. */
const STILL = 0.1
/** How many times the rounds that were asked for are tried at most, if the machine is not still. */
const PATIENCE = 3

/**
 * Every contestant in turn, in another order in each round, until there are enough rounds in which the machine was still; else the stillest ones count. What is left out depends on what
 * others did, never on what was measured.
 */
async function eachRound(rounds, before, work) {
  const done = []
  while (done.length < PATIENCE * rounds && done.filter((round) => disturbance(round) <= STILL).length < rounds) {
    await before()
    const first = done.length % CONTESTANTS.length
    const round = {}
    for (const contestant of [...CONTESTANTS.slice(first), ...CONTESTANTS.slice(0, first)])
      round[contestant] = await work(contestant)
    done.push(round)
  }
  const stillest = done.toSorted((a, b) => disturbance(a) - disturbance(b)).slice(0, rounds)
  return Object.fromEntries(CONTESTANTS.map((contestant) => [contestant, pick(stillest, contestant)]))
}

const disturbance = (round) => Math.max(...pick(Object.values(round), 'others'))

/**
 * @param share - of the capacity of the slowest contestant, at which latency is measured.
 * @param wait - seconds for which each round waits for a still machine at most.
 */
export async function measureRelay({ clients, rounds, seconds, share, wait }) {
  const milliseconds = 1000 * seconds
  const server = startOther(fileURLToPath(new URL('server-process.mjs', import.meta.url)))
  const all = Object.fromEntries(CONTESTANTS.map((contestant) => [contestant, new ClientsOf(server, contestant)]))
  server.onSignal = ({ contestant, id, signal }) => all[contestant].signal(id, signal)
  for (const contestant of CONTESTANTS) await all[contestant].connect(clients)

  const becomesStill = () => stillness(server, STILL, 1000 * wait)
  const rows = []
  const goals = []
  for (const cell of CELLS) {
    await eachRound(1, becomesStill, (contestant) => all[contestant].flood(cell, milliseconds)) // warms up
    const floods = await eachRound(rounds, becomesStill, (contestant) => all[contestant].flood(cell, milliseconds))
    const rate = share * Math.min(...CONTESTANTS.map((contestant) => median(pick(floods[contestant], 'rate'))))
    const paced = await eachRound(rounds, becomesStill, (contestant) => all[contestant].paced(cell, rate, milliseconds))
    rows.push(...CONTESTANTS.map((contestant) => row(cell, contestant, floods[contestant], paced[contestant])))
    goals.push(...goalsOf(cell, floods, paced))
  }

  await Promise.all([server.call('close'), ...CONTESTANTS.map((contestant) => all[contestant].close())])
  server.stop()
  return { rows, goals }
}

const pick = (results, key) => results.map((result) => result[key])

function row(cell, contestant, floods, paced) {
  return {
    cell: cell.name,
    contestant,
    'packets/s': spread(pick(floods, 'rate')),
    'CPU us': spread(pick(floods, 'cpu'), 1),
    'server JS us': spread(pick(floods, 'js'), 2),
    'paced/s': median(pick(paced, 'offered')).toFixed(0),
    'p50 ms': spread(pick(paced, 'p50'), 2),
    'p99 ms': spread(pick(paced, 'p99'), 2),
    'server JS us, paced': spread(pick(paced, 'js'), 2),
    'others %': spread(pick([...floods, ...paced], 'others').map((share) => 100 * share)),
    'lost %': (100 * Math.max(...pick([...floods, ...paced], 'lost'))).toFixed(2),
  }
}

/** The median of what the rounds say each for itself: two contestants one after the other have met much the same machine, two of different rounds have not. */
const ratio = (results, key, base) => median(results.api.map((result, i) => result[key] / results[base][i][key]))

function goalsOf({ name }, floods, paced) {
  return ['peer', 'native'].flatMap((base) => [
    goal(`${name}: packets per second, api / ${base}`, ratio(floods, 'rate', base), 0.85, false),
    goal(`${name}: p99, api / ${base}`, ratio(paced, 'p99', base), 1.2),
  ])
}
