import type * as PromClient from 'prom-client'

/** The optional package that writes metrics in Prometheus's format. */
export type PromClientModule = typeof PromClient

/** What to tell who asks for metrics without that package. */
export const NO_PROM_CLIENT = 'Metrics need the package prom-client: npm install prom-client'

/** Loads prom-client; null if it is not installed. */
export async function loadPromClient(): Promise<PromClientModule | null> {
  try {
    return await import('prom-client')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}

let ofProcess: PromClient.Registry | null = null

/**
 * Metrics of the process: memory, processor time, lag of the event loop, garbage collection. One registry for all servers of the process, because the observers of the platform that
 * they start cannot be stopped again (they hold nothing open).
 */
export function processMetrics({ Registry, collectDefaultMetrics }: PromClientModule): PromClient.Registry {
  if (ofProcess === null) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}
