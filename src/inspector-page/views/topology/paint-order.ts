import type { StateClass } from '../../model/state-class.ts'

/** What needs attention is painted last, on top. */
export const PAINT_ORDER: readonly StateClass[] = [
  'connected',
  'other',
  'new',
  'connecting',
  'draining',
  'gated',
  'closed',
  'failed',
]
