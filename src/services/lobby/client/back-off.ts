import type { Clock } from '../../../clock.ts'

/** How long to wait before something is tried again. */
export interface BackOffOptions {
  /** Milliseconds before the second try. Default 500. */
  readonly first: number
  /** Milliseconds at most. Default 10000. */
  readonly longest: number
}

const doubled = ({ first, longest }: BackOffOptions, failures: number): number =>
  Math.min(longest, first * 2 ** Math.min(failures - 1, 30))

/** Half to all of a time that doubles with each failure: for pairs of peers, where a wait of nothing would hit the other side in the middle of its own. */
export function halfJitter(options: BackOffOptions, failures: number, random: () => number): number {
  return doubled(options, failures) * (0.5 + random() / 2)
}

/** Anything up to a time that doubles with each failure: for servers, to which a thousand clients come back at once. */
export function fullJitter(options: BackOffOptions, failures: number, random: () => number): number {
  return doubled(options, failures) * random()
}

/** Resolves after this time. @throws the signal's reason if it aborts. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clock.clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

/** Milliseconds since the epoch, by this clock: the platform's own can jump, and stands still in some browsers while the machine sleeps. */
export function epochOf(clock: Clock, isReal: boolean): () => number {
  const start = Date.now() - clock.now()
  return isReal ? Date.now : () => start + clock.now()
}
