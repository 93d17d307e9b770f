import type { InspectionEvent } from 'xstate'
import type { Logger, MultiplayerPeerOptions } from './options.ts'

/** An inspection observer whose failures go to the logger: thrown out of XState's `inspect`, they would break `actor.send`. */
export function safeObserver(
  inspect: NonNullable<MultiplayerPeerOptions['inspect']>,
  logger: Logger,
): (event: InspectionEvent) => void {
  const observe = typeof inspect === 'function' ? inspect : (event: InspectionEvent) => inspect.next?.(event)
  return (event) => {
    try {
      observe(event)
    } catch (error) {
      logger.error('the inspect observer threw', error)
    }
  }
}
