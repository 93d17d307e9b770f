/** What ends a server: an orchestrator's or a service manager's signal, or Ctrl-C. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** As shells report a program that a signal ended. */
const EXIT_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 }

/** Resolves with the first signal to end. From then on another one ends the process at once. */
export async function untilToldToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const first = (signal: NodeJS.Signals): void => {
      for (const name of SIGNALS) {
        process.off(name, first)
        process.on(name, () => process.exit(EXIT_CODES[name]))
      }
      resolve(signal)
    }
    for (const name of SIGNALS) process.on(name, first)
  })
}
