/**
 * Where timers come from: the platform's by default, a simulated one in tests. An object of this shape is also a `Clock` for XState
 * (`createActor(logic, { clock })`).
 */
export interface Clock {
  /** Milliseconds since some fixed moment; only differences mean anything. */
  now(): number
  setTimeout(callback: () => void, milliseconds: number): unknown
  clearTimeout(id: unknown): void
}

/** The platform's own timers. */
export const realClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (id) => {
    clearTimeout(id as ReturnType<typeof setTimeout>)
  },
}
