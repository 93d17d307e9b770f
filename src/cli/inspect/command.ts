import { MultiplayerError } from '../../multiplayer-error.ts'
import type { InspectorOptions } from '../../services/inspector/server/inspector-options.ts'
import type { Inspector } from '../../services/inspector/server/inspector.ts'
import type { Command } from '../command.ts'
import { untilToldToEnd } from '../serve/until-told-to-end.ts'
import { INSPECT_HELP, type InspectArguments, parseInspectOptions } from './options.ts'

/** `webrtc-multiplayer inspect`. */
export const inspectCommand: Command = {
  help: INSPECT_HELP,
  run: async (args) => {
    const options = parseInspectOptions(args, process.env)
    // Listened for before the start: an orchestrator may change its mind at any time.
    const toldToEnd = untilToldToEnd()
    let inspector: Inspector
    try {
      // Loaded only now: `--help` needs no sockets.
      const { startInspector } = await import('../../services/inspector/server/start-inspector.ts')
      inspector = await startInspector(toInspectorOptions(options))
    } catch (error) {
      if (!(error instanceof MultiplayerError)) throw error
      process.stderr.write(`webrtc-multiplayer: ${error.message}\n`)
      return 1
    }
    tellStart(inspector, options)
    await toldToEnd
    await inspector.close()
    return tellEnd(inspector, options)
  },
}

function toInspectorOptions({ file, port, host, token, record, sampleInterval }: InspectArguments): InspectorOptions {
  return {
    ...(file !== undefined && { recording: file }),
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(token !== undefined && { token }),
    ...(record !== undefined && { record }),
    ...(sampleInterval !== undefined && { sampleInterval }),
  }
}

function tellStart({ url, reportUrl }: Inspector, { json, file }: InspectArguments): void {
  if (json) tellEvent({ event: 'listening', url, reportUrl })
  else if (file !== undefined) process.stdout.write(`${file} is shown at ${url}\n`)
  else process.stdout.write(`The inspector is at ${url}\nPrograms report to ${reportUrl}\n`)
}

/** @returns the exit code. */
function tellEnd({ stats }: Inspector, { json }: InspectArguments): number {
  const { messages, recording } = stats()
  if (json) {
    const recorded = recording === null ? null : { messages: recording.messages, missed: recording.missed }
    tellEvent({ event: 'ended', messages, recorded })
  } else if (recording !== null) {
    const missed = recording.missed > 0 ? `, ${recording.missed} were left out since the disk was too slow` : ''
    process.stdout.write(`${recording.messages} messages are in ${recording.file}${missed}\n`)
  }
  if (!recording?.error) return 0
  process.stderr.write(`webrtc-multiplayer: The recording is not complete: ${recording.error.message}.\n`)
  return 1
}

function tellEvent(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
