import { readdirSync } from 'node:fs'

/** What this process uses: `cpu` microseconds of all its threads, `rss` megabytes, and on Linux (elsewhere NaN) its open `descriptors` and its `threads`. */
export function processUse() {
  const { user, system } = process.cpuUsage()
  return {
    cpu: user + system,
    rss: process.memoryUsage.rss() / 2 ** 20,
    descriptors: count('/proc/self/fd'),
    threads: count('/proc/self/task'),
  }
}

function count(folder) {
  try {
    return readdirSync(folder).length
  } catch {
    return NaN
  }
}
