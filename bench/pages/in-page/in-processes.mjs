/** A page has no processes; of a work it takes what measures. */
export const inProcesses = () => undefined
