import { UsageError } from '../command.ts'
import { parseArguments } from '../parse-arguments.ts'

/** Begins the environment variables of all settings. */
const PREFIX = 'WEBRTC_MULTIPLAYER_'

/** One setting of `serve`: a flag, and an environment variable that counts where the flag is not given. */
export interface Setting {
  /** What stands for its value in the help; null: a flag without value. */
  readonly value: string | null
  /** May be given more than once; several in the environment are separated by commas or white space. */
  readonly repeatable?: true
  readonly help: string
}

/** Settings by the names of their flags, without the dashes. */
export type Settings = Readonly<Record<string, Setting>>

/** The texts that were given, by setting, with what to call the setting in a message about it. */
export class GivenSettings<Names extends Settings> {
  readonly #given: ReadonlyMap<string, Given>

  /** @throws UsageError for unknown flags, flags with or without value against their kind, and settings that are given twice. */
  constructor(settings: Names, args: readonly string[], environment: NodeJS.ProcessEnv, command: string) {
    const flags = parseFlags(settings, args, command)
    const given = new Map<string, Given>()
    for (const [name, setting] of Object.entries(settings)) {
      const texts = flags.get(name)
      const fromEnvironment = environment[variableOf(name)]
      if (texts !== undefined) given.set(name, { source: `--${name}`, texts })
      // An empty variable is as none: container files and shells cannot always leave one out.
      else if (fromEnvironment !== undefined && fromEnvironment.trim() !== '')
        given.set(name, { source: variableOf(name), texts: split(setting, fromEnvironment) })
    }
    this.#given = given
  }

  /** Reads the only text of a setting; undefined if it was not given. */
  one<T>(name: keyof Names & string, read: (text: string, source: string) => T): T | undefined {
    const given = this.#given.get(name)
    const [text] = given?.texts ?? []
    return given === undefined || text === undefined ? undefined : read(text, given.source)
  }

  /** Reads each text of a repeatable setting. */
  all<T>(name: keyof Names & string, read: (text: string, source: string) => T): T[] {
    const given = this.#given.get(name)
    return given === undefined ? [] : given.texts.map((text) => read(text, given.source))
  }

  /** Whether a setting without value is on. */
  isOn(name: keyof Names & string): boolean {
    return this.one(name, readBoolean) ?? false
  }

  /** How to call a setting that was given; undefined if it was not. */
  source(name: keyof Names & string): string | undefined {
    return this.#given.get(name)?.source
  }
}

interface Given {
  readonly source: string
  readonly texts: readonly string[]
}

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return PREFIX + name.toUpperCase().replaceAll('-', '_')
}

/** The lines of the help that name the settings. */
export function describeSettings(settings: Settings): string {
  const rows = Object.entries(settings).map(([name, { value, help }]) => ({
    flag: value === null ? `--${name}` : `--${name} ${value}`,
    help,
  }))
  const width = Math.max(...rows.map(({ flag }) => flag.length)) + 2
  return rows.map(({ flag, help }) => `  ${flag.padEnd(width)}${help}`).join('\n')
}

function parseFlags(settings: Settings, args: readonly string[], command: string): Map<string, readonly string[]> {
  // All as repeatable, or a flag that is given twice would silently count once.
  const options = Object.fromEntries(
    Object.entries(settings).map(([name, { value }]) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const), multiple: true as const },
    ]),
  )
  const { values } = parseArguments(command, { args: [...args], allowPositionals: false, options })
  const flags = new Map(Object.entries(values).map(([name, given]) => [name, (given ?? []).map(String)]))
  for (const [name, texts] of flags) {
    if (texts.length > 1 && settings[name]?.repeatable !== true)
      throw new UsageError(`--${name} is given ${texts.length} times; once is enough`)
  }
  return flags
}

function split({ repeatable }: Setting, text: string): readonly string[] {
  return repeatable === true ? text.split(/[\s,]+/).filter((part) => part !== '') : [text.trim()]
}

function readBoolean(text: string, source: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true
  if (/^(0|false|no|off)$/i.test(text)) return false
  throw new UsageError(`${source} is true or false, not '${text}'`)
}
