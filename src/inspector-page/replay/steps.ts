import type { Player } from '../model/player.ts'
import type { Recording } from '../model/recording.ts'
import type { LogEntry } from '../model/state.ts'

/** What moves through a recording: whoever moves by hand stops it from going on by itself. */
export class Steps {
  readonly #recording: Recording
  readonly #player: Player
  /** Which entries are stepped through. */
  readonly #isWanted: (entry: LogEntry) => boolean
  readonly #arrived: (entry: number) => void

  /** @param arrived - hears at which entry a step has ended. */
  constructor(
    recording: Recording,
    player: Player,
    isWanted: (entry: LogEntry) => boolean,
    arrived: (entry: number) => void,
  ) {
    this.#recording = recording
    this.#player = player
    this.#isWanted = isWanted
    this.#arrived = arrived
  }

  toggle(): void {
    if (this.#player.isPlaying) this.#player.pause()
    else this.#player.play()
  }

  entry(direction: 1 | -1): void {
    this.#step(direction, this.#isWanted)
  }

  transition(direction: 1 | -1): void {
    this.#step(direction, (entry) => entry.isTransition && this.#isWanted(entry))
  }

  time(time: number): void {
    this.#player.pause()
    this.#recording.seekToTime(time)
  }

  to(index: number): void {
    this.#player.pause()
    this.#recording.seekToEntry(index)
    this.#arrived(index)
  }

  #step(direction: 1 | -1, isWanted: (entry: LogEntry) => boolean): void {
    const found = this.#recording.find(direction, isWanted)
    if (found !== null) this.to(found)
    else if (direction === -1) this.time(this.#recording.startsAt)
  }
}
