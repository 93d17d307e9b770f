import { TransferMode } from '../../services/multiplayer-peer/packet.ts'
import type { IceServer } from '../../transport/peer-connection.ts'
import { UsageError } from '../command.ts'
import { parseArguments } from '../parse-arguments.ts'

/** What the arguments of `join` say. */
export interface JoinArguments {
  readonly url: string
  /** Undefined: a new one is made. */
  readonly lobby: string | undefined
  readonly create: boolean
  readonly mode: 'mesh' | 'client-server'
  readonly channels: readonly TransferMode[]
  /** Undefined: those of the lobby server. */
  readonly iceServers: readonly IceServer[] | undefined
  readonly token: string | undefined
  readonly json: boolean
}

const TOKEN_VARIABLE = 'WEBRTC_MULTIPLAYER_TOKEN'

const MODES: ReadonlyMap<string, TransferMode> = new Map([
  ['reliable', TransferMode.RELIABLE],
  ['ordered', TransferMode.UNRELIABLE_ORDERED],
  ['unreliable', TransferMode.UNRELIABLE],
])

export const JOIN_HELP = `Usage: webrtc-multiplayer join URL [LOBBY] [options]

Joins a lobby on the server at URL (ws://host:9080), shows who is there, and sends every line of standard input to everyone.
What the others send is printed on standard output, everything else on standard error. Without LOBBY a new one is made and
its name is printed. At the end of the input, or with Ctrl-C, it leaves; lines are sent once whoever is there is connected.

  --create               makes the lobby of that name if there is none
  --client-server        a lobby that is made: everyone connects to its maker alone (default: everyone to everyone)
  --channels A,B,...     extra channels of the mesh, the same for all: reliable, ordered, unreliable (the demo's: reliable,unreliable)
  --ice-server URL       STUN or TURN server, e.g. stun:stun.example:3478 or turn:user:password@host; repeatable
  --token TOKEN          for servers that ask who one is; or in the environment as ${TOKEN_VARIABLE}
  --json                 prints each event as one line of JSON
  --help                 prints this`

/** @throws UsageError for unknown options and values that make no sense. */
export function parseJoinOptions(args: readonly string[], environment: NodeJS.ProcessEnv): JoinArguments {
  const { values, positionals } = parseArguments('join', {
    args: [...args],
    allowPositionals: true,
    options: {
      create: { type: 'boolean' },
      'client-server': { type: 'boolean' },
      channels: { type: 'string' },
      'ice-server': { type: 'string', multiple: true },
      token: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [url, lobby, ...more] = positionals
  if (url === undefined) throw new UsageError('join what? webrtc-multiplayer join URL [LOBBY]')
  if (more.length > 0) throw new UsageError(`one lobby at a time, not also '${more.join(' ')}'`)
  if (values.create === true && lobby === undefined) throw new UsageError('--create needs the name of the lobby')
  return {
    url,
    lobby,
    create: values.create ?? false,
    mode: values['client-server'] === true ? 'client-server' : 'mesh',
    channels: values.channels === undefined ? [] : values.channels.split(',').map(readMode),
    iceServers: values['ice-server']?.map(readIceServer),
    token: values.token ?? environment[TOKEN_VARIABLE],
    json: values.json ?? false,
  }
}

function readMode(text: string): TransferMode {
  const mode = MODES.get(text.trim())
  if (mode !== undefined) return mode
  throw new UsageError(`--channels are of ${[...MODES.keys()].join(', ')}, not '${text}'`)
}

/** `turn:user:password@host[:port]`, as most programs write it; everything else is left to the transport to check. */
function readIceServer(text: string): IceServer {
  const match = /^(turns?:)([^:@]+):([^@]+)@(.+)$/i.exec(text)
  if (match === null) return { urls: text }
  const [, scheme = '', username = '', credential = '', rest = ''] = match
  try {
    return { urls: scheme + rest, username: decodeURIComponent(username), credential: decodeURIComponent(credential) }
  } catch {
    throw new UsageError('--ice-server: % in user and password begins an escape, as %40 for @')
  }
}
