/** Where a lobby server writes what happens; pino has this shape. Neither tokens nor what peers send each other is ever given to it. */
export interface LobbyLogger {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export const SILENT_LOBBY_LOGGER: LobbyLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
