// Plays Nim in the terminal, with others who do the same. Node 20 runs no TypeScript, so Vite loads the game's.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lobby: { type: 'string', default: 'nim' },
    /** 2 to 4, the same for everyone. */
    players: { type: 'string', default: '2' },
  },
})
const size = Number(options.players)
if (![2, 3, 4].includes(size)) {
  console.error(`--players is 2, 3 or 4, not '${options.players}'.`)
  process.exit(2)
}

const { module } = await runnerImport(fileURLToPath(new URL('src/terminal.ts', import.meta.url)))
try {
  await module.playInTerminal({ url: positionals[0] ?? 'ws://localhost:9080', lobby: options.lobby, size })
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
