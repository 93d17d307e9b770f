import { createRequire } from 'node:module'
import { type Command, UsageError } from './command.ts'

type LoadCommand = () => Promise<Command>

/** One line about each command for the overview. */
const SUMMARIES = {
  demo: 'a mesh of peers on this machine, live',
  serve: 'the lobby server, through which peers find each other',
  join: 'a peer in the terminal: joins a lobby and sends lines of text',
  inspect: 'a page that shows what the peers of other programs do, live or recorded',
} as const

/** Each command is loaded when it is run: `--help` needs neither WebRTC nor sockets. */
const COMMANDS: ReadonlyMap<string, LoadCommand> = new Map<keyof typeof SUMMARIES, LoadCommand>([
  ['demo', async () => (await import('./demo/command.ts')).demoCommand],
  ['serve', async () => (await import('./serve/command.ts')).serveCommand],
  ['join', async () => (await import('./join/command.ts')).joinCommand],
  ['inspect', async () => (await import('./inspect/command.ts')).inspectCommand],
])

/** Commands that this program gives itself, in processes that it starts; not for users. */
const INTERNAL_COMMANDS: typeof COMMANDS = new Map([
  ['demo-peer', async () => (await import('./demo/peer-process.ts')).demoPeerCommand],
])

/** Exit code of a wrong use, as of most programs. */
const WRONG_USE = 2

/**
 * Runs the `webrtc-multiplayer` command.
 *
 * @param args - what follows the program's name.
 * @param program - the program's file.
 * @returns the exit code: 0, 1 if the command failed, 2 for a wrong use.
 */
export async function runCommandLine(args: readonly string[], program: string): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${overview()}\n`)
    return name === undefined ? WRONG_USE : 0
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${packageVersion()}\n`)
    return 0
  }
  try {
    const command = await load(name)
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(`${command.help}\n`)
      return 0
    }
    return await command.run(rest, { program })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`webrtc-multiplayer: ${error.message}\n`)
    return WRONG_USE
  }
}

async function load(name: string): Promise<Command> {
  const command = COMMANDS.get(name) ?? INTERNAL_COMMANDS.get(name)
  if (command !== undefined) return command()
  const known = [...COMMANDS.keys()].join(', ')
  if (name.startsWith('-')) throw new UsageError(`unknown option '${name}'; a command comes first: ${known}`)
  throw new UsageError(`unknown command '${name}'; there is: ${known}`)
}

function overview(): string {
  const commands = Object.entries(SUMMARIES).map(([name, summary]) => `  ${name.padEnd(10)}${summary}`)
  return [
    'Usage: webrtc-multiplayer <command> [options]',
    '',
    ...commands,
    '',
    'webrtc-multiplayer <command> --help tells its options; --version the version.',
  ].join('\n')
}

function packageVersion(): string {
  // The same path from the sources and from what is published.
  const manifest = createRequire(import.meta.url)('../../package.json') as { version: string }
  return manifest.version
}
