/** Runs a work: in every round each contestant once per cell, in another order each time, so that all meet the same machine. */

/** Seconds that one measurement may take. A work says if it needs more. */
const LIMIT = 20
/** Seconds that a contestant's processes or pages may take to begin: all begin at once, on a machine that may be busy. */
const OPEN_LIMIT = 60
/** Seconds more until it is given up that was told to give up itself. */
const GRACE = 5
/** Failures of a contestant in a cell after which it is not tried again there. */
const PATIENCE = 2

/**
 * @param work - a module of bench/work.
 * @returns for each cell { name, seen: { contestant: { rounds: [{ round, ...result }], failures: [reason], cannot } } }
 */
export async function runWork(work, { contestants, rounds, settings, log }) {
  const cells = work.cells(settings).map((cell) => ({ cell, seen: {} }))
  const sessions = new Sessions(work, settings)
  try {
    if (!work.fresh) await Promise.all(contestants.map((contestant) => sessions.get(contestant).catch(() => undefined)))
    for (let round = 0; round < rounds; round++) {
      for (const [place, { cell, seen }] of cells.entries()) {
        for (const contestant of rotated(contestants, round + place)) {
          const entry = (seen[contestant] ??= { rounds: [], failures: [] })
          if (entry.cannot !== undefined || entry.failures.length >= PATIENCE) continue
          log(`${cell.name}, ${contestant}, round ${round + 1}`)
          try {
            const session = await sessions.get(contestant)
            entry.cannot = session.cannot(cell)
            if (entry.cannot === undefined) {
              entry.rounds.push({ round, ...(await sessions.measure(session, cell, round)) })
            }
          } catch (error) {
            entry.failures.push(error.message)
            sessions.end(contestant)
          }
          if (work.fresh) sessions.end(contestant)
        }
      }
    }
  } finally {
    sessions.endAll()
  }
  return cells.map(({ cell, seen }) => ({
    name: cell.name,
    seen: Object.fromEntries(contestants.map((contestant) => [contestant, seen[contestant]])),
  }))
}

const rotated = (list, by) => list.map((_, i) => list[(i + by) % list.length])

/** A session for each contestant: its processes or pages, and what it is warm for. One that failed is begun anew. */
class Sessions {
  #sessions = new Map()
  #broken = new Map()

  constructor(work, settings) {
    this.work = work
    this.settings = settings
  }

  async get(contestant) {
    // What could not even begin will not the next time.
    if (this.#broken.has(contestant)) throw this.#broken.get(contestant)
    if (!this.#sessions.has(contestant)) {
      try {
        const signal = AbortSignal.timeout(1000 * OPEN_LIMIT)
        const session = await within(OPEN_LIMIT + GRACE, this.work.open(contestant, this.settings, signal))
        this.#sessions.set(contestant, Object.assign(session, { warm: new Set() }))
      } catch (error) {
        this.#broken.set(contestant, error)
        throw error
      }
    }
    return this.#sessions.get(contestant)
  }

  async measure(session, cell, round) {
    const limit = this.work.limit ?? LIMIT
    if (this.work.warmUp !== false && !this.settings.quick && !session.warm.has(cell.name)) {
      await within(limit, session.measure(cell, { round, warmUp: true }))
      session.warm.add(cell.name)
    }
    return await within(limit, session.measure(cell, { round, warmUp: false }))
  }

  end(contestant) {
    this.#sessions.get(contestant)?.kill()
    this.#sessions.delete(contestant)
  }

  endAll() {
    for (const contestant of [...this.#sessions.keys()]) this.end(contestant)
  }
}

async function within(seconds, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${seconds} s`)), 1000 * seconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
