/** A second process with the other end of a connection. The bench's own file is forked, with `--other` and what else it is to know. */
import { fork } from 'node:child_process'

export const isOther = process.argv.includes('--other')

/**
 * Starts the other process. `call(name, value)` runs one of its handlers there and resolves with what that returns; `onSignal` hears its signals.
 */
export function startOther(file) {
  const child = fork(file, ['--other'], { serialization: 'advanced' })
  const calls = new Map()
  let next = 0
  const other = { onSignal: () => undefined }
  child.on('message', ({ signal, reply, value }) => {
    if (signal !== undefined) other.onSignal(signal)
    else {
      calls.get(reply)(value)
      calls.delete(reply)
    }
  })
  other.call = (name, value) =>
    new Promise((resolve) => {
      calls.set(++next, resolve)
      child.send({ call: next, name, value })
    })
  other.signal = (signal) => child.send({ signal })
  other.stop = () => child.disconnect()
  return other
}

/** In the other process: answers calls with these handlers. Returns a way to send signals; `onSignal` hears those of the first process. */
export function serve(handlers) {
  const here = { onSignal: () => undefined, signal: (signal) => process.send({ signal }) }
  process.on('message', async ({ signal, call, name, value }) => {
    if (signal !== undefined) here.onSignal(signal)
    else process.send({ reply: call, value: await handlers[name](value) })
  })
  return here
}
