/** Sessions of works whose contestants run in Node: in one process, or in a pair of them. */
import { fileURLToPath } from 'node:url'
import { startOther } from './processes.mjs'

const HOST = fileURLToPath(new URL('contestant-process.mjs', import.meta.url))

/**
 * What a work exports as `open`: starts a contestant's process, which starts the second one itself. There the work's `measure` and `serve` run.
 *
 * @param work - the work's import.meta.url.
 */
export const inProcesses = (work) => async (contestant, settings, signal) => {
  const first = startOther(HOST, [work, contestant, 'first', JSON.stringify(settings)])
  let second
  first.onSignal = ({ pid }) => (second = pid)
  signal.addEventListener('abort', first.kill)
  const session = {
    measure: (cell, info) => first.call('measure', { cell, info }),
    cannot: () => undefined,
    // The second process ends with the first one's; it is killed too in case that it hangs.
    kill() {
      first.kill()
      if (second !== undefined) kill(second)
    },
  }
  try {
    const { modes, cannot } = await first.call('describe')
    session.cannot = ({ mode }) =>
      mode === undefined || modes.includes(mode) ? undefined : (cannot[mode] ?? `it has no ${mode} packets`)
  } catch (error) {
    session.kill()
    throw signal.aborted ? new Error('it did not begin in time') : error
  } finally {
    signal.removeEventListener('abort', first.kill)
  }
  return session
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended already
  }
}
