import { HttpAnswers } from './http-answers.ts'
import { checkRecording } from '../recording/check-recording.ts'
import { type InspectorOptions, resolveInspectorOptions } from './inspector-options.ts'
import type { Inspector } from './inspector.ts'
import { RunningInspector } from './running-inspector.ts'

/** Starts an inspector, with everything checked before anything is open. */
export async function startInspector(options: InspectorOptions = {}): Promise<Inspector> {
  const resolved = resolveInspectorOptions(options)
  options.signal?.throwIfAborted()
  const { page, recording, token, host } = resolved
  if (recording !== null) await checkRecording(recording)
  const answers = await HttpAnswers.load(page, recording, { token, host })
  const inspector = new RunningInspector(resolved, answers)
  await inspector.start()
  return inspector
}
