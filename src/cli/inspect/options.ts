import { UsageError } from '../command.ts'
import { parseArguments } from '../parse-arguments.ts'
import { wholeNumber } from '../serve/read-values.ts'

/** What the arguments of `inspect` say. What is undefined is left to the inspector's defaults. */
export interface InspectArguments {
  /** A recording to show; undefined: what is reported. */
  readonly file: string | undefined
  readonly port: number | undefined
  readonly host: string | undefined
  readonly token: string | undefined
  readonly record: string | undefined
  /** Milliseconds. */
  readonly sampleInterval: number | undefined
  readonly json: boolean
}

export const TOKEN_VARIABLE = 'WEBRTC_MULTIPLAYER_INSPECTOR_TOKEN'

export const INSPECT_HELP = `Usage: webrtc-multiplayer inspect [FILE] [options]

An inspector that others report to: a page that shows their peers, connections and statecharts while they happen. Its address is
printed, and the one that programs give to reportTo(). With FILE it shows that recording. Ctrl-C ends it.

  --port N               of the page and of those who report (default 9280); 0: any that is free
  --host ADDRESS         address to listen at (default 127.0.0.1: this machine alone); with any other a token is needed
  --token TOKEN          what everyone must have who looks or reports, 16 characters at least (default: none on this machine
                         alone, else a random one); or in the environment as ${TOKEN_VARIABLE}
  --record FILE          writes everything that is reported to a file, which this command shows again; it is written over
  --sample-interval MS   time between two looks at the connections (default 500)
  --json                 prints each event as one line of JSON
  --help                 prints this`

/** @throws UsageError for unknown options and values that make no sense. */
export function parseInspectOptions(args: readonly string[], environment: NodeJS.ProcessEnv): InspectArguments {
  const { values, positionals } = parseArguments('inspect', {
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      token: { type: 'string' },
      record: { type: 'string' },
      'sample-interval': { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [file, ...more] = positionals
  if (more.length > 0) throw new UsageError(`one recording at a time, not also '${more.join(' ')}'`)
  if (file !== undefined && values.record !== undefined) {
    throw new UsageError('--record is for what is reported; leave out the recording that is shown, or --record')
  }
  return {
    file,
    port: read('--port', values.port, wholeNumber(0, 65_535)),
    host: values.host,
    token: values.token ?? environment[TOKEN_VARIABLE],
    record: values.record,
    sampleInterval: read('--sample-interval', values['sample-interval'], wholeNumber(10, 60_000)),
    json: values.json ?? false,
  }
}

function read<T>(option: string, text: string | undefined, reader: (text: string, source: string) => T): T | undefined {
  return text === undefined ? undefined : reader(text, option)
}
