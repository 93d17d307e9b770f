/** Processes that call each other, pass signals, and end for certain. */
import { fork } from 'node:child_process'

/** Characters of what a process has written to stderr that are kept for the reason of its failure. */
const TAIL = 2_000

/** Every process that was started here, so that none outlives this one. */
const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

/**
 * Starts a file as a process of its own.
 *
 *   other.call(name, value)   runs one of its handlers there; resolves with what that returns, rejects with what it threw or with how the process ended
 *   other.signal(value)       to the `onSignal` of the other side, and other.onSignal = (value) => ... here
 *   other.exited              resolves with { code, signal, at } when it has ended
 *   other.kill()              ends it whatever it does
 *   other.stop()              lets it end: nothing more is said to it
 */
export function startOther(file, args = [], options = {}) {
  const child = fork(file, args, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], ...options })
  running.add(child)
  const calls = new Map()
  let next = 0
  let tail = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text) => (tail = (tail + text).slice(-TAIL)))
  const other = { onSignal: () => undefined, pid: child.pid }
  other.exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, at: performance.now() })
      const reason = new Error(`its process ended with ${signal ?? `code ${code}`}${lastLine(tail)}`)
      for (const { reject } of calls.values()) reject(reason)
      calls.clear()
    })
  })
  child.on('error', () => undefined) // a message to a process that is ending; `exited` tells
  child.on('message', ({ signal, reply, value, error }) => {
    if (signal !== undefined) other.onSignal(signal)
    else if (calls.has(reply)) {
      const { resolve, reject } = calls.get(reply)
      calls.delete(reply)
      if (error === undefined) resolve(value)
      else reject(new Error(error))
    }
  })
  other.call = (name, value) =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(new Error('its process has ended'))
        return
      }
      calls.set(++next, { resolve, reject })
      child.send({ call: next, name, value })
    })
  other.signal = (signal) => child.connected && child.send({ signal })
  other.kill = () => child.kill('SIGKILL')
  other.stop = () => child.connected && child.disconnect()
  return other
}

/** The last line that names an error, or else the last one that is no stack frame and not Node's own closing line. */
function lastLine(text) {
  const lines = text.split('\n').filter((line) => /\w/.test(line) && !/^\s*(at |Node\.js v)/.test(line))
  const line = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)
  return line === undefined ? '' : `: ${line.trim()}`
}

/** In the other process: answers calls with these handlers. Returns a way to send signals; `onSignal` hears those of the first process. */
export function serve(handlers) {
  const here = {
    onSignal: () => undefined,
    signal: (signal) => process.connected && process.send({ signal }),
    stop: () => process.disconnect(),
  }
  process.on('message', async ({ signal, call, name, value }) => {
    if (signal !== undefined) {
      here.onSignal(signal)
      return
    }
    let answer
    try {
      answer = { reply: call, value: await handlers[name](value) }
    } catch (error) {
      answer = { reply: call, error: error instanceof Error ? error.message : String(error) }
    }
    if (process.connected) process.send(answer)
  })
  return here
}
