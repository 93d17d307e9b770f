/** Milliseconds; some tests pass 16 MB, and a page may hear of a close only when ICE gives up, after 16 s. */
const PATIENCE = 30_000

/** Lets real time pass. */
export async function wait(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Looks at the condition every few milliseconds; rejects after 30 s. */
export async function waitFor(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${PATIENCE} ms in vain until ${what}.`)
    await wait(2)
  }
}
