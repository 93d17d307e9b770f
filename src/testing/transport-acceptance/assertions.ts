import { MultiplayerError, type MultiplayerErrorCode } from '../../multiplayer-error.ts'

// A few assertions of our own, so that the suite runs under any test runner, in browsers too.

export function assertTrue(condition: boolean, message: string): void {
  if (!condition) throw new Error(`Expected: ${message}.`)
}

/** Compares by JSON, which is enough for the numbers, strings and lists that are compared here. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: expected ${shortened(wanted)}, found ${shortened(found)}.`)
}

/** The call throws a {@link MultiplayerError} of one of these codes. */
export function assertThrows(
  call: () => unknown,
  what: string,
  ...codes: [MultiplayerErrorCode, ...MultiplayerErrorCode[]]
): void {
  const error = errorOf(call)
  if (error === null) throw new Error(`${what} should throw ${codes.join(' or ')}, but did not throw.`)
  if (!(error instanceof MultiplayerError))
    throw new Error(`${what} should throw a MultiplayerError, but threw something else.`, { cause: error })
  assertTrue(
    codes.includes(error.code),
    `${what} throws ${codes.join(' or ')} (it threw ${error.code}: ${error.message})`,
  )
  assertTrue(error.message.length > 10, `the message of ${error.code} says what to do`)
}

function errorOf(call: () => unknown): unknown {
  try {
    call()
    return null
  } catch (error) {
    return error
  }
}

function shortened(text: string | undefined): string {
  if (text === undefined) return 'undefined'
  return text.length > 300 ? `${text.slice(0, 300)}... (${text.length} characters)` : text
}
