/** One sub-command of `webrtc-multiplayer`. */
export interface Command {
  /** What `--help` prints; ends without a line break. */
  readonly help: string
  /** @returns the exit code. @throws UsageError for arguments that it does not take. */
  run(args: readonly string[], environment: CommandEnvironment): Promise<number>
}

/** What the command line gives a command. */
export interface CommandEnvironment {
  /** The file that is this program, for commands that start more processes of it. */
  readonly program: string
}

/** A wrong use of the command line: its message is printed alone, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
