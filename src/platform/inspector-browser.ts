import { MultiplayerError } from '../multiplayer-error.ts'
import type { StartInspector } from '../services/inspector/server/inspector.ts'

/** Pages cannot be servers. */
export const startInspector: StartInspector = () =>
  Promise.reject(
    new MultiplayerError(
      'ERR_UNAVAILABLE',
      'startInspector() is for Node; in a page use startTabInspector(), or reportTo() an inspector that runs elsewhere.',
    ),
  )
