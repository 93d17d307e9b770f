/** Taken out, because test runners make every global expensive, and this is called for every packet. */
const { imul } = Math

/**
 * Seeded random numbers (mulberry32: 32 bits of state, every seed gives a sequence of period 2^32; plenty for faults, useless for secrets).
 * Each direction of each link forks its own, so that traffic on one link does not change what happens on another.
 */
export class Random {
  readonly #seed: number
  #state: number

  constructor(seed: number | string) {
    this.#seed = hash(String(seed))
    this.#state = this.#seed
  }

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let bits = imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    bits = (bits + imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }

  /** True with this probability. Takes a number from the sequence only if the outcome is open. */
  chance(probability: number): boolean {
    if (probability <= 0) return false
    return probability >= 1 || this.next() < probability
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  /** This many characters of the alphabet. */
  text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('')
  }

  /** The same members in another order. */
  shuffled<T>(members: readonly T[]): T[] {
    const result = [...members]
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const moved = result[last] as T
      result[last] = result[other] as T
      result[other] = moved
    }
    return result
  }

  /** A generator of its own for the thing of this name; the same for the same seed and name, whatever was drawn before. */
  fork(name: string): Random {
    return new Random(`${this.#seed}/${name}`)
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    value = imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  return value >>> 0
}
