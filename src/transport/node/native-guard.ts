import { reportUncaught } from '../channel-inbox.ts'

/**
 * Wraps a function that is handed to the native library. An exception that leaves such a function aborts the whole process (SIGABRT, and
 * `uncaughtException` is never asked), so it is caught here and thrown again on a later turn, where it is an ordinary uncaught exception.
 */
export function guardNative<Args extends unknown[]>(callback: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      callback(...args)
    } catch (error) {
      reportUncaught(error)
    }
  }
}
