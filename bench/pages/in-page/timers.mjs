/** `node:timers/promises` in a page. */
export const setTimeout = (milliseconds) => new Promise((resolve) => globalThis.setTimeout(resolve, milliseconds))
