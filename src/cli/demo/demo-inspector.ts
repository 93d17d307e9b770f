import { MultiplayerError } from '../../multiplayer-error.ts'
import { startInspector } from '../../services/inspector/server/start-inspector.ts'
import type { Inspector } from '../../services/inspector/server/inspector.ts'
import { UsageError } from '../command.ts'

export interface DemoInspectorOptions {
  /** A file to record to. */
  readonly record: string | null
  /** Whether it is to be found at its usual port, if that is free. */
  readonly isLive: boolean
}

/**
 * Starts the inspector of the demo, to which the processes of its peers report, and the pages of those who visit.
 *
 * @returns null if its page was not built.
 * @throws UsageError if there shall be a recording and cannot.
 */
export async function openInspector({ record, isLive }: DemoInspectorOptions): Promise<Inspector | null> {
  const recorded = record === null ? {} : { record }
  try {
    if (isLive) {
      const usual = await startInspector(recorded).catch(nullIf('ERR_ALREADY_IN_USE'))
      if (usual !== null) return usual
    }
    return await startInspector({ ...recorded, port: 0 })
  } catch (error) {
    if (!(error instanceof MultiplayerError)) throw error
    if (record !== null) throw new UsageError(`--record: ${error.message}`)
    if (error.code === 'ERR_UNAVAILABLE') return null
    throw error
  }
}

/** What was recorded, in words. */
export function recordedText({ stats }: Inspector): string | null {
  const { recording } = stats()
  if (recording === null) return null
  const { file, messages, missed, error } = recording
  if (error !== null) return `the recording ${file} is not complete: ${error.message}`
  return `${messages} messages are in ${file}${missed > 0 ? `, ${missed} were left out` : ''}`
}

function nullIf(code: MultiplayerError['code']): (error: unknown) => null {
  return (error) => {
    if (error instanceof MultiplayerError && error.code === code) return null
    throw error
  }
}
