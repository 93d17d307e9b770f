import { readFileSync } from 'node:fs'

/**
 * Nanoseconds that the JavaScript thread has run on a processor. On Linux from the scheduler; elsewhere the event loop's busy time,
 * which also counts waiting for a processor.
 */
export function jsThreadTime() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0])
  } catch {
    return performance.eventLoopUtilization().active * 1e6
  }
}
