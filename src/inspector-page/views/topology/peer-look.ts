import type { PeerState } from '../../model/state.ts'
import type { StateClass } from '../../model/state-class.ts'
import { DIGITS_INSIDE, PEER_RADIUS, type PeerPlace } from './ring-layout.ts'

/** How a peer is drawn. */
export interface PeerLook {
  /** Of its mesh: what its ring is like. `other` if nobody knows. */
  readonly state: StateClass
  /** It reports nothing; it is drawn as a square, since only others tell of it. */
  readonly isHearsay: boolean
  /** Every client's connection ends at it: it has a second ring. */
  readonly isServer: boolean
  readonly isGone: boolean
  /** Its id, written into its shape; empty if it is too long and is written beside it. */
  readonly inside: string
  readonly beside: string
  /** What it is called, beside it too; empty if nobody says so. */
  readonly called: string
}

const CLASS_OF_STATUS: readonly StateClass[] = ['new', 'connecting', 'connected']

export function lookOfPeer({ id, meshId, mode, status, goneAt }: PeerState, isStar: boolean, called = ''): PeerLook {
  const text = String(id)
  const fits = text.length <= DIGITS_INSIDE
  return {
    state: goneAt !== null ? 'closed' : status === null ? 'other' : (CLASS_OF_STATUS[status] ?? 'other'),
    isHearsay: meshId === null,
    isServer: mode === 'server' || (isStar && id === 1),
    isGone: goneAt !== null,
    inside: fits ? text : '',
    beside: fits ? '' : text,
    called,
  }
}

/** Between a peer's shape and the text beside it. */
const GAP = 7
/** From one line of that to the next. */
export const LINE_HEIGHT = 13

export interface BesidePlace {
  readonly x: number
  readonly y: number
  /** Degrees. */
  readonly rotate: number
  readonly anchor: 'start' | 'middle' | 'end'
}

/** Where the middle of the lines beside a peer goes: outward, and upside down nowhere. */
export function placeBeside({ angle, isTight }: Pick<PeerPlace, 'angle' | 'isTight'>, lines = 1): BesidePlace {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const away = PEER_RADIUS + GAP
  if (isTight) {
    const isLeft = cos < -1e-9
    const rotate = (angle * 180) / Math.PI - (isLeft ? 180 : 0)
    return { x: cos * away, y: sin * away, rotate, anchor: isLeft ? 'end' : 'start' }
  }
  const anchor = cos > 0.3 ? 'start' : cos < -0.3 ? 'end' : 'middle'
  return { x: cos * away, y: sin * (away + 3 + ((lines - 1) * LINE_HEIGHT) / 2), rotate: 0, anchor }
}
