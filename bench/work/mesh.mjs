import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { inProcesses } from '../harness/in-processes.mjs'
import { processUse } from '../harness/process-use.mjs'
import { formMesh } from './support/form-mesh.mjs'

/** Small meshes that are formed and closed before, one after the other: what a process pays once is no cost of a connection. Small, since what they leave free would not count as memory. */
const WARM_UP = { meshes: 8, size: 4 }
/** Milliseconds until what the set-up has left is done. */
const CALM = 500
/** Milliseconds until a mesh is as idle as it will be: ICE's poller has the more to do the older connections are, up to some seconds, and one contestant's are older when the last one opens. */
const SETTLED = { quick: 500, whole: 3_000 }
/** Milliseconds for which a mesh is watched that does nothing. */
const IDLE = { quick: 1_000, whole: 2_000 }

export const title = 'A whole mesh in one process, both ends of every connection'
export const note =
  'A new process for each, in which eight meshes of 4 were formed and closed before. Wall: until every channel is open at both ends. CPU of all threads, and memory (RSS), per connection. Begun anew: ' +
  'connects that the native library loses. Block: the longest of the event loop. Idle: CPU of the mesh of 32 when nothing is sent, per cent of one processor.'
export const contestants = ['raw', 'ours']
export const baseline = 'raw'
export const fresh = true
export const warmUp = false
export const limit = 60
export const cells = ({ quick }) => [
  { name: 'mesh of 8', size: 8, ...(quick && { idle: IDLE.quick }) },
  ...(quick
    ? []
    : [
        { name: 'mesh of 16', size: 16 },
        { name: 'mesh of 32', size: 32, idle: IDLE.whole },
      ]),
]
export const columns = [
  { key: 'wall', title: 'wall ms', ratio: true },
  { key: 'cpu', title: 'CPU ms', digits: 2, ratio: true },
  { key: 'memory', title: 'MB', digits: 2, ratio: true },
  { key: 'block', title: 'block ms', digits: 1 },
  { key: 'again', title: 'begun anew' },
  { key: 'idle', title: 'idle %', digits: 1, ratio: true },
]

export const open = inProcesses(import.meta.url)

/** @param cell.idle - milliseconds; absent: what the mesh costs when it does nothing is not measured. */
export async function measure({ size, idle }, { adapter, variant, settings }) {
  for (let i = 0; i < WARM_UP.meshes; i++) {
    const { peers } = await formMesh(adapter, variant, WARM_UP.size)
    await Promise.all(peers.map((peer) => peer.close()))
  }
  await sleep(CALM)

  const connections = (size * (size - 1)) / 2
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const before = processUse()
  delay.enable()
  const start = performance.now()
  const { again } = await formMesh(adapter, variant, size)
  const wall = performance.now() - start
  delay.disable()
  const after = processUse()
  return {
    wall,
    cpu: (after.cpu - before.cpu) / 1000 / connections,
    memory: (after.rss - before.rss) / connections,
    block: delay.max / 1e6,
    threads: after.threads,
    descriptors: (after.descriptors - before.descriptors) / connections,
    again,
    ...(idle !== undefined && { idle: await idleUse(idle, settings.quick ? SETTLED.quick : SETTLED.whole) }),
  }
}

/** Per cent of one processor. */
async function idleUse(milliseconds, settled) {
  await sleep(settled)
  const [before, start] = [processUse().cpu, performance.now()]
  await sleep(milliseconds)
  return (processUse().cpu - before) / 10 / (performance.now() - start)
}
