import { MultiplayerError } from '../../multiplayer-error.ts'

/**
 * What engines say when the stack is full: V8 and JavaScriptCore ("Maximum call stack size exceeded"), SpiderMonkey ("too much recursion"). A regular expression
 * would be compiled here first, for which the stack may have no room.
 */
const isStackOverflow = ({ message }: Error): boolean => message.includes('call stack') || message.includes('recursion')

/**
 * Passes an error on. Arrays in arrays take stack, 1024 levels about 700 KB of V8's 984: where much of it is taken already, they end with the error that still deeper ones end with.
 */
export function rethrow(error: unknown): never {
  if (error instanceof Error && !(error instanceof MultiplayerError) && isStackOverflow(error)) {
    throw new MultiplayerError(
      'ERR_OUT_OF_MEMORY',
      'The stack has no room for a value that is nested so deeply; encode and decode it nearer to its start.',
      { cause: error },
    )
  }
  throw error
}
