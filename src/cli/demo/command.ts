import type { Command } from '../command.ts'
import { runLive } from './live.ts'
import { runOnce } from './once.ts'
import { DEMO_HELP, type OnceArguments, parseDemoOptions } from './options.ts'
import { summarize } from './summary.ts'
import { summaryText } from './summary-text.ts'

/** `webrtc-multiplayer demo`. */
export const demoCommand: Command = {
  help: DEMO_HELP,
  run: async (args, { program }) => {
    const options = parseDemoOptions(args)
    return options.kind === 'once' ? runBounded(program, options) : runLive(program, options)
  },
}

async function runBounded(program: string, options: OnceArguments): Promise<number> {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupted.abort(new Error(`interrupted by ${signal}`))
    })
  }
  const summary = summarize(await runOnce(program, options, interrupted.signal))
  process.stdout.write(`${options.json ? JSON.stringify(summary) : summaryText(summary)}\n`)
  return summary.ok ? 0 : 1
}
