/** Repeats assertions until they hold; after the limit (milliseconds) their last failure is the result. */
export async function eventually(assertions: () => Promise<void>, limit = 15_000): Promise<void> {
  const deadline = performance.now() + limit
  for (;;) {
    try {
      await assertions()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
