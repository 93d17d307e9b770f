/** What the processors did during a measurement: for the server's JavaScript thread, for both processes, for everybody else. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { jsThreadTime } from '../harness/thread-time.mjs'

/** Of this process: nanoseconds of the JavaScript thread, microseconds of all threads. */
export function processUse() {
  const { user, system } = process.cpuUsage()
  return { thread: jsThreadTime(), all: user + system }
}

/** Clock ticks that all processors have had, and those in which they had nothing to do. Null where it cannot be known. */
function machineUse() {
  try {
    const [user, nice, system, idle, wait, ...rest] = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]
      .split(/\s+/)
      .slice(1, 9)
      .map(Number)
    const free = idle + wait
    return { free, total: user + nice + system + free + rest.reduce((a, b) => a + b, 0) }
  } catch {
    return null
  }
}

async function use(server) {
  const [time, here, machine] = [performance.now(), processUse().all, machineUse()]
  return { time, here, machine, there: await server.call('use') }
}

/**
 * Begins to watch. @returns what ends it, and tells of `count` packets: `js`, microseconds of the server's JavaScript thread for each; `cpu`, of all threads of both processes; `others`, the
 * share of the processors that other processes have had.
 */
export async function watchProcessors(server) {
  const before = await use(server)
  return async (count) => {
    const after = await use(server)
    const own = after.here - before.here + after.there.all - before.there.all
    const js = (after.there.thread - before.there.thread) / 1000 / count
    return { js, cpu: own / count, others: othersShare(before, after, own) }
  }
}

/** Milliseconds for which the machine has to be still before a round. */
const LULL = 500

/** Resolves when other processes have had no more than this share of the processors for a moment, or when that has not come about for so many milliseconds. */
export async function stillness(server, share, patience) {
  for (const start = performance.now(); performance.now() - start < patience;) {
    const used = await watchProcessors(server)
    await sleep(LULL)
    if ((await used(1)).others <= share) return
  }
}

function othersShare(before, after, own) {
  if (before.machine === null) return 0
  const idle = (after.machine.free - before.machine.free) / (after.machine.total - before.machine.total)
  return Math.max(0, 1 - idle - own / 1000 / (after.time - before.time) / availableParallelism())
}
