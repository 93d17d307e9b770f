import { MultiplayerError } from '../../multiplayer-error.ts'

/** What engines say when the stack is full: V8 and JavaScriptCore ("Maximum call stack size exceeded"), SpiderMonkey ("too much recursion"). */
const STACK_OVERFLOW = /call stack|recursion/

/**
 * Passes an error on. Arrays in arrays take stack, 1024 levels about 700 KB of V8's 984: where much of it is taken already, they end with the error that still deeper ones end with.
 */
export function rethrow(error: unknown): never {
  if (error instanceof Error && !(error instanceof MultiplayerError) && STACK_OVERFLOW.test(error.message)) {
    throw new MultiplayerError(
      'ERR_OUT_OF_MEMORY',
      'The stack has no room for a value that is nested so deeply; encode and decode it nearer to its start.',
      { cause: error },
    )
  }
  throw error
}
