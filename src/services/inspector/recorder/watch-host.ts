import type { Clock } from '../../../clock.ts'
import type { Sampler } from '../facts/sampler.ts'
import type { Recorder } from './recorder.ts'
import type { Teller } from './teller.ts'

/** What watching anything needs. */
export interface WatchHost {
  readonly teller: Teller
  readonly recorder: Recorder
  readonly sampler: Sampler
  readonly clock: Clock
  readonly defaultGroup: string
}

/** Something that is watched. */
export interface Watch {
  /** Whether there is nothing left to watch, and never will be. */
  readonly isOver: boolean
  /** Somebody looks: tells what there is, and what happens from now on. */
  open(): void
  /** Nobody looks any more. */
  close(): void
  /** It is not to be watched any more. */
  end(): void
}
