/**
 * Packets between two processes, raw node-datachannel and ours in turn on connections that both stay up: messages per second, JavaScript thread time
 * per message of both ends, ping, and what overload does to latency.
 * `node bench/packets.mjs [--rounds 5] [--seconds 1.5] [--overload-only] [--json]`
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeEnd } from './harness/contestants.mjs'
import { goal, median, quantile, spread, table } from './harness/stats.mjs'
import { jsThreadTime } from './harness/thread-time.mjs'
import { isOther, serve, startOther } from './harness/two-processes.mjs'

const CONTESTANTS = ['raw', 'ours']
const CELLS = [
  { name: '64 B reliable', size: 64, index: 0 },
  { name: '1 KB reliable', size: 1024, index: 0 },
  { name: '16 KB reliable', size: 16_384, index: 0 },
  { name: '64 B unreliable', size: 64, index: 2 },
]
/** Sends between two looks at the buffer, and the bytes that may wait then, the same for both contestants. */
const BATCH = 64
const HIGH = 512 * 1024

const now = () => Number(process.hrtime.bigint()) / 1e6
const immediate = () => new Promise((resolve) => setImmediate(resolve))

if (isOther) {
  const ends = {}
  let count = 0
  let latencies = []
  let cpu = 0
  const parent = serve({
    prepare: (contestant) => {
      ends[contestant] = makeEnd(contestant, { sendSignal: parent.signal, id: 2 })
      parent.onSignal = ends[contestant].signal
    },
    opened: (contestant) => ends[contestant].opened,
    count: (contestant) => {
      count = 0
      ends[contestant].onPacket = () => {
        count++
      }
      cpu = jsThreadTime()
    },
    counted: () => ({ count, cpu: jsThreadTime() - cpu }),
    echo: (contestant) => {
      ends[contestant].onPacket = (bytes, index) => ends[contestant].send(bytes, index)
    },
    latency: (contestant) => {
      latencies = []
      ends[contestant].onPacket = (bytes) => {
        latencies.push(now() - new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0))
      }
    },
    latencies: () => ({ count: latencies.length, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }),
    close: () => Promise.all(CONTESTANTS.map((contestant) => ends[contestant].close())),
  })
} else {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1.5' },
      'overload-only': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  })
  const rounds = Number(values.rounds)
  const duration = Number(values.seconds) * 1000
  const other = startOther(fileURLToPath(import.meta.url))
  const ends = {}
  for (const contestant of CONTESTANTS) {
    await other.call('prepare', contestant)
    const end = (ends[contestant] = makeEnd(contestant, { sendSignal: other.signal, id: 1, active: true }))
    other.onSignal = end.signal
    end.offer()
    await Promise.all([end.opened, other.call('opened', contestant)])
  }

  /** Waits until the other process has counted all, or no more come (unreliable ones). */
  const settled = async (sent) => {
    for (let before = -1; ;) {
      const { count } = await other.call('counted')
      if (count === sent || count === before) return count
      before = count
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function flood(contestant, { size, index }) {
    const end = ends[contestant]
    const bytes = new Uint8Array(size)
    await other.call('count', contestant)
    const cpu = jsThreadTime()
    const start = now()
    let sent = 0
    while (now() - start < duration) {
      for (let i = 0; i < BATCH; i++) if (end.send(bytes, index)) sent++
      if (index === 2 && end.buffered(index) > 0) {
        while (end.buffered(index) > 0) await immediate()
      } else if (end.buffered(index) > HIGH) {
        await end.drained(index)
      } else if (sent % (BATCH * 16) === 0) await immediate()
    }
    const sender = jsThreadTime() - cpu
    const delivered = await settled(sent)
    const elapsed = now() - start
    const receiver = (await other.call('counted')).cpu
    return {
      rate: (1000 * delivered) / elapsed,
      lost: 1 - delivered / sent,
      js: (sender / sent + receiver / delivered) / 1000,
    }
  }

  async function ping(contestant) {
    const end = ends[contestant]
    await other.call('echo', contestant)
    const times = []
    const bytes = new Uint8Array(64)
    await new Promise((resolve) => {
      let start = 0
      const next = () => {
        start = now()
        end.send(bytes, 0)
      }
      end.onPacket = () => {
        times.push(now() - start)
        if (times.length === 2_000) resolve()
        else next()
      }
      next()
    })
    end.onPacket = () => undefined
    return { p50: 1000 * quantile(times, 0.5), p99: 1000 * quantile(times, 0.99) }
  }

  /** Unreliable packets at twice the rate that went through, each millisecond what is due, without flow control. */
  async function overload(contestant, capacity) {
    const end = ends[contestant]
    await other.call('latency', contestant)
    const bytes = new Uint8Array(64)
    const view = new DataView(bytes.buffer)
    const start = now()
    let offered = 0
    let sent = 0
    for (let elapsed = 0; elapsed < 2 * duration; elapsed = now() - start) {
      for (const due = (2 * capacity * elapsed) / 1000; offered < due; offered++) {
        view.setFloat64(0, now())
        if (end.send(bytes, 2)) sent++
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    for (let before = -1; ;) {
      const result = await other.call('latencies')
      if (result.count === before)
        return { ...result, offered, dropped: 1 - sent / offered, rate: (1000 * offered) / (2 * duration) }
      before = result.count
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  const results = { cells: {}, ping: { raw: [], ours: [] }, overload: { raw: [], ours: [] } }
  const inTurn = (round) => (round % 2 ? ['ours', 'raw'] : CONTESTANTS)
  const onlyOverload = values['overload-only'] === true
  for (const cell of onlyOverload ? CELLS.slice(3) : CELLS) {
    const seen = (results.cells[cell.name] = { raw: [], ours: [] })
    for (const contestant of CONTESTANTS) await flood(contestant, cell) // warms up
    for (let round = 0; round < rounds; round++) {
      for (const contestant of inTurn(round)) seen[contestant].push(await flood(contestant, cell))
    }
  }
  for (let round = 0; round < rounds && !onlyOverload; round++) {
    for (const contestant of inTurn(round)) results.ping[contestant].push(await ping(contestant))
  }
  const capacity = median(results.cells['64 B unreliable'].raw.map(({ rate }) => rate))
  for (let round = 0; round < Math.min(3, rounds); round++) {
    for (const contestant of inTurn(round)) results.overload[contestant].push(await overload(contestant, capacity))
  }
  await Promise.all([other.call('close'), ...CONTESTANTS.map((contestant) => ends[contestant].close())])
  other.stop()

  const pick = (list, key) => list.map((entry) => entry[key])
  const ratio = (name, key) => median(pick(results.cells[name].ours, key)) / median(pick(results.cells[name].raw, key))
  const rows = Object.entries(results.cells).flatMap(([name, seen]) =>
    CONTESTANTS.map((contestant) => ({
      cell: name,
      contestant,
      'messages/s': spread(pick(seen[contestant], 'rate')),
      'JS us/message': spread(pick(seen[contestant], 'js'), 2),
      'lost %': (100 * median(pick(seen[contestant], 'lost'))).toFixed(1),
    })),
  )
  const pings = (onlyOverload ? [] : CONTESTANTS).map((contestant) => ({
    cell: 'ping 64 B',
    contestant,
    'p50 us': spread(pick(results.ping[contestant], 'p50')),
    'p99 us': spread(pick(results.ping[contestant], 'p99')),
  }))
  const overloads = CONTESTANTS.map((contestant) => ({
    cell: 'overload, 64 B unreliable',
    contestant,
    'offered/s': spread(pick(results.overload[contestant], 'rate')),
    'dropped %': spread(pick(results.overload[contestant], 'dropped').map((share) => 100 * share)),
    'p50 ms': spread(pick(results.overload[contestant], 'p50'), 1),
    'p99 ms': spread(pick(results.overload[contestant], 'p99'), 1),
  }))
  const goals = [goal('overload p99 ms, ours', median(pick(results.overload.ours, 'p99')), 100)]
  if (!onlyOverload) {
    goals.unshift(
      goal('64 B messages per second, ours / raw', ratio('64 B reliable', 'rate'), 0.85, false),
      goal('16 KB messages per second, ours / raw', ratio('16 KB reliable', 'rate'), 0.95, false),
      goal('ping p50, ours / raw', median(pick(results.ping.ours, 'p50')) / median(pick(results.ping.raw, 'p50')), 1.1),
      goal('JS thread time per 64 B message, ours / raw', ratio('64 B reliable', 'js'), 1.25),
    )
  }
  if (values.json) console.log(JSON.stringify({ rows, pings, overloads, goals }))
  else {
    for (const part of onlyOverload ? [rows, overloads, goals] : [rows, pings, overloads, goals]) {
      table(part)
      console.log()
    }
  }
}
