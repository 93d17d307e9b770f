type Schedule = (callback: () => void) => unknown

/**
 * Runs a function when the code that is running now has returned. In Node on a later turn of the event loop, so that I/O has its turn too; in browsers,
 * which have no `setImmediate`, and which slow timers of hidden pages down to one a second, as a microtask.
 */
export const onLaterTurn: Schedule = (globalThis as { setImmediate?: Schedule }).setImmediate ?? queueMicrotask
