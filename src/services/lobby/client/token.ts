import { invalid } from '../../../checks.ts'
import type { Clock } from '../../../clock.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { within } from './within.ts'

/** What an application may give as `token`: a text, or a function that is asked for each socket. */
export type TokenOption = string | (() => string | Promise<string>)

/** Characters that HTTP allows in a token, of which a subprotocol is one. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]{1,4096}$/

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` */
export function checkToken(token: unknown): string {
  if (typeof token === 'string' && TOKEN.test(token)) return token
  throw invalid(
    'token must be 1 to 4096 letters, digits and ._~-+ and the like (as a JWT), or a function; encode anything else.',
    '***',
  )
}

/**
 * The token for one more socket; undefined if there is none.
 *
 * @throws MultiplayerError `ERR_CONNECTION_ERROR`, with the cause, if the application's function fails, gives no token or takes longer than the timeout: the next socket may have more
 * luck; the signal's reason if it aborts.
 */
export async function askToken(
  { token, clock, timeout }: { token?: TokenOption | undefined; clock: Clock; timeout: number },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (typeof token !== 'function') return token
  try {
    return checkToken(await within(timeout, clock, signal, token))
  } catch (cause) {
    signal.throwIfAborted()
    throw new MultiplayerError('ERR_CONNECTION_ERROR', 'token() failed; see the cause.', { cause })
  }
}
