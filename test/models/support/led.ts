/** What is led along a path, and disposed of at its end. */
export interface Led {
  /** Ends everything, and fails unless nothing is left. */
  dispose(): Promise<void>
}

/** Leads it, then disposes of it. What goes wrong first is the failure. */
export async function led<Driver extends Led>(driver: Driver, lead: (driver: Driver) => Promise<void>): Promise<void> {
  try {
    await lead(driver)
  } catch (error) {
    await driver.dispose().catch(() => undefined)
    throw error
  }
  await driver.dispose()
}
