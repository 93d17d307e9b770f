import { formatBytes, formatDuration } from './format.ts'
import { add, NO_RATES } from './rates.ts'
import { type NewsItem, type PeerRow, type ScreenState, connectedEnds } from './screen-state.ts'
import { percentile } from './summary.ts'

/** Milliseconds between two lines that tell how the mesh is. */
const STATUS_EVERY = 5_000

/** Shows the live run where there is no terminal: every event as a line when it comes, and now and then how the mesh is. */
export class PlainDisplay {
  readonly #write: (text: string) => void
  #nextStatus = STATUS_EVERY

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  tell({ at, text }: NewsItem): void {
    this.#write(`${stamp(at)}  ${text}\n`)
  }

  show({ elapsed, peers }: ScreenState): void {
    if (elapsed < this.#nextStatus) return
    this.#nextStatus = elapsed + STATUS_EVERY
    this.#write(`${stamp(elapsed)}  ${statusText(peers)}\n`)
  }

  close(): void {
    // Every line was written when it came.
  }
}

/** One line about the whole mesh. */
export function statusText(peers: readonly PeerRow[]): string {
  const alive = peers.filter((peer) => !peer.isDead)
  const ends = connectedEnds(alive)
  const roundTrip = percentile(
    ends.flatMap((end) => end.roundTrip ?? []),
    0.5,
  )
  const rates = alive.flatMap((peer) => peer.rates).reduce(add, NO_RATES)
  return [
    `${alive.length} peers`,
    `${Math.floor(ends.length / 2)} of ${(alive.length * (alive.length - 1)) / 2} connections`,
    `median round trip ${roundTrip === null ? 'unknown' : formatDuration(roundTrip)}`,
    `${Math.round(rates.receivedPackets)} packets/s`,
    `${formatBytes(rates.receivedBytes)}/s received`,
  ].join(', ')
}

function stamp(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`.padStart(8)
}
