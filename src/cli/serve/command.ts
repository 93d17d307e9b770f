import type { Command } from '../command.ts'
import { createLogger } from './logger.ts'
import { parseServeOptions, SERVE_HELP } from './options.ts'
import type { Serving } from './serving.ts'
import { untilToldToEnd } from './until-told-to-end.ts'

/** `webrtc-multiplayer serve`. */
export const serveCommand: Command = {
  help: SERVE_HELP,
  run: async (args) => {
    const options = parseServeOptions(args, process.env)
    const logger = await createLogger(options.logLevel)
    // Listened for before the start: an orchestrator may change its mind at any time.
    const toldToEnd = untilToldToEnd()
    let serving: Serving
    try {
      // Loaded only now: `--help` needs no sockets.
      const { startServing } = await import('./serving.ts')
      serving = await startServing(options, logger)
    } catch (error) {
      logger.error({ err: error }, `cannot start: ${error instanceof Error ? error.message : String(error)}`)
      return 1
    }
    const signal = await toldToEnd
    logger.info({ signal }, 'told to end')
    await serving.drain()
    logger.info({}, 'ended')
    return 0
  },
}
