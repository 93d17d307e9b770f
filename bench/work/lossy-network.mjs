import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { inProcesses } from '../harness/in-processes.mjs'
import { now } from '../harness/now.mjs'
import { startOther } from '../harness/processes.mjs'
import { stampedPacket } from './support/lossy-packet.mjs'

const MODES = ['reliable', 'ordered', 'unreliable']
/** Connections at the same time, that few seconds give many packets. */
const CONNECTIONS = 8
/** Milliseconds between two packets of each mode. */
const INTERVAL = 16
/** Milliseconds one way. */
const DELAY = 50
/** Milliseconds in which packets do not count: SCTP learns what network it is on. Then those in which they do. */
const TIMES = { quick: { ramp: 300, counted: 700 }, whole: { ramp: 300, counted: 1_500 } }
/** Milliseconds for which is waited for the last reliable packets. */
const PATIENCE = 8_000
const LOOK = 100

export const title = `Through a bad network: loss, and ${DELAY} ms each way`
export const note =
  `Two processes and a UDP proxy in a third one, ${CONNECTIONS} connections, on each a packet of 100 B per ${INTERVAL} ms in every mode at the same time, as a game has them. ` +
  'Arrived: share of the packets; the rest was lost, came too late for its order, or was dropped by its sender. Latency of those that arrived. The network turns bad when all are connected.'
export const contestants = ['raw', 'ours']
export const baseline = 'raw'
export const limit = 60
export const warmUp = false
export const cells = ({ quick }) =>
  (quick ? [0.05] : [0.01, 0.05, 0.2]).map((loss) => ({ name: `${100 * loss} % loss`, loss }))
export const columns = MODES.flatMap((mode) => [
  { key: `${mode}Arrived`, title: `${mode}: arrived %`, scale: 100, digits: 1 },
  { key: `${mode}P50`, title: `${mode}: p50 ms` },
  { key: `${mode}P99`, title: `${mode}: p99 ms` },
])

export const open = inProcesses(import.meta.url)

let helpers

export async function measure({ loss }, { adapter, variant, settings, round }) {
  helpers ??= startHelpers(adapter, variant)
  const { proxy, receiver } = helpers
  await proxy.call('begin', round + 1)
  await receiver.call('begin', MODES)
  const ends = await connect(adapter, variant)
  await proxy.call('impair', { loss, delay: DELAY })

  const { ramp, counted } = settings.quick ? TIMES.quick : TIMES.whole
  await sendFor(ends, ramp, () => null)
  const sent = await sendFor(ends, counted, now)
  const deadline = performance.now() + PATIENCE
  while ((await receiver.call('counted', 'reliable')) < sent && performance.now() < deadline) await sleep(LOOK)

  const result = {}
  for (const mode of MODES) {
    const { count, p50, p99 } = await receiver.call('latencies', mode)
    Object.assign(result, { [`${mode}Arrived`]: count / sent, [`${mode}P50`]: p50, [`${mode}P99`]: p99 })
  }
  await proxy.call('impair', { loss: 0, delay: 0 })
  await Promise.all([receiver.call('close'), ...ends.map((end) => end.close())])
  return result
}

function startHelpers({ name }, variant) {
  const start = (file, ...args) => startOther(fileURLToPath(new URL(`support/${file}.mjs`, import.meta.url)), args)
  return {
    proxy: start('lossy-proxy'),
    receiver: start('lossy-receiver', name, ...(variant === undefined ? [] : [variant])),
  }
}

async function connect(adapter, variant) {
  const { proxy, receiver } = helpers
  const ends = []
  /** Every signal goes by the proxy. */
  const passTo = (take) => async (number, value) => {
    const passed = await proxy.call('pass', value)
    if (passed !== null) take(number, passed)
  }
  const toReceiver = passTo((number, value) => receiver.signal({ number, value }))
  const toSender = passTo((number, value) => ends[number].signal(value))
  receiver.onSignal = ({ number, value }) => void toSender(number, value)
  for (let number = 0; number < CONNECTIONS; number++) {
    await receiver.call('prepare', number)
    const sendSignal = (value) => void toReceiver(number, value)
    const end = (ends[number] = await adapter.createEnd({ role: 'offer', id: 1, peerId: 2, variant, sendSignal }))
    end.start()
    await Promise.all([end.opened, receiver.call('opened', number)])
  }
  return ends
}

/** @param stamp - gives what is written into a packet. @returns how many were sent in each mode, or were to be: one that its sender drops has not arrived either. */
async function sendFor(ends, milliseconds, stamp) {
  const start = performance.now()
  let sends = 0
  for (let elapsed = 0; elapsed < milliseconds; elapsed = performance.now() - start) {
    for (; sends * INTERVAL <= elapsed; sends++) {
      for (const end of ends) for (const mode of MODES) end.send(stampedPacket(stamp()), mode)
    }
    await sleep(INTERVAL / 4)
  }
  return sends * ends.length
}
