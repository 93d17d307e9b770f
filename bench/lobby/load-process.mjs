/** The load on a server: sockets, joins, then signals, first at a fixed rate, then as fast as they come back. Each phase is started by the bench. */
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../harness/stats.mjs'
import { Member } from './member.mjs'

const { url, sockets, lobbies, rate, seconds } = JSON.parse(process.argv[2])

/** Lobbies whose joins are under way at a time; more only wait in the kernel's queues. */
const CONCURRENCY = 100
/** Bytes of a signal: an offer of this library with three channels has about 600, a browser's more. */
const SIGNAL_SIZE = 1_000

const members = Array.from({ length: sockets }, () => new Member())
const groups = Array.from({ length: lobbies }, (_, i) => members.filter((_, index) => index % lobbies === i))
const padding = 'x'.repeat(SIGNAL_SIZE - 20)
/** `<time> <index of the sender>` and padding: whoever hears it knows how long it took and who waits for it. */
const dataOf = (index) => `${performance.now().toFixed(3)} ${index} ${padding}`

async function each(list, work) {
  const queue = [...list]
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item)
    }),
  )
}

const phases = {
  /** One lobby after the other at each of the concurrent places, as everyone needs the name that the first one gets. A socket that is open has to join within a second. */
  async join() {
    const start = performance.now()
    await each(groups, async ([host, ...others]) => {
      await host.join(url, '')
      for (const member of others) await member.join(url, host.lobby)
    })
    return { joinsPerSecond: (1000 * sockets) / (performance.now() - start) }
  },

  /** Signals at the given rate, in small portions; each to another member. */
  async paced() {
    const took = []
    for (const member of members) member.onSignal = (data) => took.push(performance.now() - Number.parseFloat(data))
    const start = performance.now()
    let sent = 0
    while (performance.now() - start < 1000 * seconds) {
      const due = Math.floor(((performance.now() - start) / 1000) * rate)
      for (; sent < due; sent++) send(sent % members.length)
      await sleep(1)
    }
    await arrived(() => took.length === sent)
    return { sent, lost: sent - took.length, p50: quantile(took, 0.5), p99: quantile(took, 0.99) }
  },

  /** Every member has a signal under way all the time: the next is sent when the one before arrived. */
  async flood() {
    const start = performance.now()
    const end = start + 1000 * seconds
    let [sent, heard, inTime] = [0, 0, 0]
    for (const member of members) {
      member.onSignal = (data) => {
        heard++
        if (performance.now() >= end) return
        inTime++
        sent++
        send(Number(data.split(' ', 2)[1]))
      }
    }
    for (let i = 0; i < members.length; i++, sent++) send(i % members.length)
    await sleep(1000 * seconds)
    await arrived(() => heard === sent)
    return { signalsPerSecond: inTime / seconds, sent, lost: sent - heard }
  },
}

let turn = 0

function send(index) {
  const member = members[index]
  const { peers } = member
  member.signal(peers[turn++ % peers.length], dataOf(index))
}

async function arrived(isDone) {
  const limit = performance.now() + 10_000
  while (!isDone() && performance.now() < limit) await sleep(10)
}

process.on('message', async (phase) => process.send({ [phase]: await phases[phase]() }))
process.on('disconnect', () => process.exit(0))
