import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import type { InspectorMessage, RecordingHeader } from '../../../../src/services/inspector/wire/messages.ts'

const BUILD = fileURLToPath(new URL('build-page.mjs', import.meta.url))

/** The page, built from the sources and served by the real server, with a recording in it. */
export class RecordedPage {
  readonly #directory: string
  readonly #inspector: Inspector

  private constructor(directory: string, inspector: Inspector) {
    this.#directory = directory
    this.#inspector = inspector
  }

  static async serve(messages: readonly InspectorMessage[]): Promise<RecordedPage> {
    const directory = await mkdtemp(path.join(tmpdir(), 'inspector-page-'))
    const page = path.join(directory, 'page')
    await promisify(execFile)(process.execPath, [BUILD, page])
    const recording = path.join(directory, 'recording.jsonl')
    const header: RecordingHeader = { type: 'webrtc.recording', version: 1, startedAt: messages[0]?.time ?? 0 }
    await writeFile(recording, [header, ...messages].map((line) => `${JSON.stringify(line)}\n`).join(''))
    return new RecordedPage(directory, await startInspector({ port: 0, page, recording }))
  }

  get url(): string {
    return this.#inspector.url
  }

  async close(): Promise<void> {
    await this.#inspector.close()
    await rm(this.#directory, { recursive: true, force: true })
  }
}
