import { UsageError } from '../command.ts'
import { parseArguments } from '../parse-arguments.ts'

/** Each peer is a process of about 70 MB with a connection to every other; beyond this a single machine only swaps. */
const MAX_PEERS = 200

/** What the arguments of `demo` say. */
export type DemoOptions = OnceArguments | LiveArguments

export interface OnceArguments {
  readonly kind: 'once'
  readonly json: boolean
  readonly peers: number
  readonly packets: number
  /** Milliseconds. */
  readonly limit: number
  /** A file to which an inspector records the run; null: there is none. */
  readonly record: string | null
}

export interface LiveArguments {
  readonly kind: 'live'
  readonly peers: number
  /** Of the lobby and the page; null: 9080, or any that is free. */
  readonly port: number | null
  /** Milliseconds; null: until it is ended. */
  readonly duration: number | null
  /** Milliseconds between two changes; null: nobody comes or goes but by keys. */
  readonly every: number | null
  readonly inspector: boolean
  /** A file to which the inspector records. */
  readonly record: string | null
}

export const DEMO_HELP = `Usage: webrtc-multiplayer demo [options]

A mesh of peers, each in a process of its own, all connected to each other over WebRTC, with packets on every channel.
They meet in a lobby, which this program serves, together with a page that joins the same mesh in a browser.
Peers join, leave and are killed while it runs; one sees the others notice. Ctrl-C ends it.
All of them report to an inspector: a page that shows their connections and statecharts live.

  --peers N            how many peers (default 4)
  --port N             of the lobby and the page (default 9080, or any if that is taken)
  --duration SECONDS   ends by itself after that time
  --every SECONDS      time between two changes (default 6); 0: nobody comes or goes by itself
  --record FILE        writes what the inspector is told to a file, which 'webrtc-multiplayer inspect FILE' shows again
  --no-inspector       without the inspector
  --once               a bounded run without a live table; exit code 0 only if everything expected arrived
  --json               with --once: prints the summary as one line of JSON
  --packets N          with --once: packets of each peer, on each channel to each kind of target, twice (default 40)
  --timeout SECONDS    with --once: gives up after that time (default 30)
  --help               prints this

In a terminal: a adds a peer, k kills one, l lets one leave, q quits. NO_COLOR is respected.
Without a terminal the live run prints what happens line by line.`

/** Options that belong to one kind of run only. */
const ONLY_ONCE = ['json', 'packets', 'timeout'] as const
const ONLY_LIVE = ['port', 'duration', 'every', 'no-inspector'] as const

/** @throws UsageError for unknown options, values out of range and options that do not go together. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const values = parse(args)
  const peers = wholeNumber('--peers', values.peers ?? '4', 2, MAX_PEERS)
  const { record = null } = values
  if (values.once === true) {
    for (const name of ONLY_LIVE) {
      if (values[name] !== undefined) throw new UsageError(`--${name} is for the live run; leave out --once`)
    }
    return {
      kind: 'once',
      json: values.json ?? false,
      peers,
      packets: wholeNumber('--packets', values.packets ?? '40', 1, 1_000_000),
      limit: seconds('--timeout', values.timeout ?? '30'),
      record,
    }
  }
  for (const name of ONLY_ONCE) {
    if (values[name] !== undefined) throw new UsageError(`--${name} needs --once`)
  }
  const inspector = values['no-inspector'] !== true
  if (record !== null && !inspector) throw new UsageError('--record needs the inspector; leave out --no-inspector')
  const every = values.every === '0' ? null : seconds('--every', values.every ?? '6')
  return {
    kind: 'live',
    peers,
    port: values.port === undefined ? null : wholeNumber('--port', values.port, 0, 65_535),
    duration: values.duration === undefined ? null : seconds('--duration', values.duration),
    every,
    inspector,
    record,
  }
}

function parse(args: readonly string[]) {
  return parseArguments('demo', {
    args: [...args],
    allowPositionals: false,
    options: {
      peers: { type: 'string' },
      port: { type: 'string' },
      duration: { type: 'string' },
      every: { type: 'string' },
      record: { type: 'string' },
      'no-inspector': { type: 'boolean' },
      once: { type: 'boolean' },
      json: { type: 'boolean' },
      packets: { type: 'string' },
      timeout: { type: 'string' },
    },
  }).values
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new UsageError(`${option} is a whole number from ${min} to ${max}, not '${text}'`)
}

/** Reads seconds, gives milliseconds. */
function seconds(option: string, text: string): number {
  const value = Number(text)
  // Beyond a day Node's timers are near their end, and so is the sense of a demo.
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 86_400) return value * 1000
  throw new UsageError(`${option} is a number of seconds above 0, at most 86400, not '${text}'`)
}
