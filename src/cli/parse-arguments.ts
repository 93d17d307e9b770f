import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './command.ts'

/** What the arguments of a command say, strictly. @throws UsageError for unknown options, and options with or without a value against their kind. */
export function parseArguments<Config extends ParseArgsConfig>(
  command: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // Node's messages are several sentences, with hints; the first says it.
    const [reason] = (error as TypeError).message.split(/\.?(?:\n|\. |$)/)
    throw new UsageError(`${reason}; see: webrtc-multiplayer ${command} --help`)
  }
}
