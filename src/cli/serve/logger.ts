import type { LobbyLogger } from '../../services/lobby/server/lobby-logger.ts'
import { UsageError } from '../command.ts'
import type { LogLevel } from './options.ts'

/**
 * A pino logger: a line of JSON on standard output for each event.
 *
 * @throws UsageError if pino is not installed.
 */
export async function createLogger(level: LogLevel): Promise<LobbyLogger> {
  const { pino } = await loadPino()
  const logger: LobbyLogger = pino({
    level,
    // Container platforms read the level by its name; the process id and the host name are theirs to add.
    formatters: { level: (label) => ({ level: label }) },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  })
  return logger
}

async function loadPino() {
  try {
    return await import('pino')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new UsageError('serve logs with the package pino, which is not installed: npm install pino')
  }
}
