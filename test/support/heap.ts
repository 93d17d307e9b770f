import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes that are used by what is still reachable. */
export function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
