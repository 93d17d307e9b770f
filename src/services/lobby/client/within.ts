import type { Clock } from '../../../clock.ts'
import { sleep } from './back-off.ts'

/**
 * Calls a function of the application, which may take so many milliseconds.
 *
 * @throws what it throws; an error that it took too long; the signal's reason if it aborts.
 */
export async function within<Value>(
  milliseconds: number,
  clock: Clock,
  signal: AbortSignal,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  const patience = new AbortController()
  const stop = (): void => {
    patience.abort(signal.reason)
  }
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    const late = sleep(clock, milliseconds, patience.signal).then(() => {
      throw new Error(`It took more than ${milliseconds} ms.`)
    })
    return await Promise.race([(async () => work())(), late])
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}
