/** A callback and when it is due. */
export interface Timer {
  /** Milliseconds of the clock that it belongs to. */
  readonly time: number
  /** Breaks ties: of two timers due at the same time the one that was set first runs first. */
  readonly sequence: number
  readonly callback: () => void
  /** Place in the heap, -1 once it has run or was removed. */
  index: number
}

/** Timers in the order in which they are due: a binary heap in which each timer knows its place, so that removing one is cheap too. */
export class TimerQueue {
  readonly #heap: Timer[] = []

  get size(): number {
    return this.#heap.length
  }

  get first(): Timer | undefined {
    return this.#heap[0]
  }

  push(timer: Timer): void {
    this.#heap.push(timer)
    this.#rise(timer, this.#heap.length - 1)
  }

  /** Does nothing if the timer has run or was removed already. */
  remove(timer: Timer): void {
    const { index } = timer
    if (index < 0 || this.#heap[index] !== timer) return
    timer.index = -1
    const last = this.#heap.pop()
    if (last === undefined || last === timer) return
    this.#rise(last, index)
    this.#sink(last, last.index)
  }

  #rise(timer: Timer, from: number): void {
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#heap[parentIndex] as Timer
      if (!isBefore(timer, parent)) break
      this.#place(parent, index)
      index = parentIndex
    }
    this.#place(timer, index)
  }

  #sink(timer: Timer, from: number): void {
    let index = from
    for (;;) {
      const child = this.#earlierChild(index)
      if (child === undefined || !isBefore(child, timer)) break
      const next = child.index
      this.#place(child, index)
      index = next
    }
    this.#place(timer, index)
  }

  #earlierChild(index: number): Timer | undefined {
    const left = this.#heap[2 * index + 1]
    const right = this.#heap[2 * index + 2]
    return left !== undefined && right !== undefined && isBefore(right, left) ? right : left
  }

  #place(timer: Timer, index: number): void {
    this.#heap[index] = timer
    timer.index = index
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence)
}
