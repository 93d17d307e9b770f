/** Sessions of works whose contestants run in pages of Chromium: two pages, or a page and a process of Node. */
import { fileURLToPath } from 'node:url'
import { startOther } from '../harness/processes.mjs'
import { BrowserPage } from './browser-page.mjs'
import { enter, leave } from './stage.mjs'

/** Who in Node is the other end of whom. */
const IN_NODE = { ours: 'ours', plain: 'raw' }

/**
 * What a work of pages exports as `open`. Its cells name by `measure` what ends.mjs does there.
 *
 * @param to - where the other end is: `page` or `node`.
 */
export const inPages =
  ({ to = 'page' } = {}) =>
  async (contestant, settings, signal) => {
    const parts = new Parts()
    const abort = () => parts.fail('it did not begin in time')
    signal.addEventListener('abort', abort)
    try {
      return await Promise.race([begin(parts, contestant, settings, to), parts.failed])
    } catch (error) {
      parts.kill()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

async function begin(parts, contestant, settings, to) {
  const [adapter, variant] = contestant.split(':')
  const { browser, server } = await enter()
  const session = await server.open(adapter)
  const parameters = { ...(variant !== undefined && { variant }) }
  if (adapter === 'peerjs') parameters['peer-server'] = await parts.start('peer-server.mjs').call('listen')
  const open = async (order) => parts.add(await BrowserPage.open(browser, session.page({ ...parameters, order })))
  const other = to === 'page' ? await open('second') : parts.start('node-end.mjs', IN_NODE[adapter], session.socket)
  await other.call('join')
  const first = await open('first')
  const { modes, cannot } = await first.call('join')
  return {
    measure: (cell, info) => Promise.race([first.call('measure', cell, { settings, ...info }), parts.failed]),
    cannot: ({ mode }) =>
      mode === undefined || modes.includes(mode) ? undefined : (cannot[mode] ?? `it has no ${mode} packets`),
    kill: () => parts.kill(),
  }
}

/** What a session consists of, without any of which there is nothing to measure. */
class Parts {
  #parts = []
  #killed = false

  constructor() {
    this.failed = new Promise((_, reject) => (this.fail = (reason) => reject(new Error(reason))))
    this.failed.catch(() => undefined)
  }

  add(part) {
    // What was being opened when the session was killed.
    if (this.#killed) part.kill()
    else this.#parts.push(part)
    void part.ended.then(this.fail)
    return part
  }

  /** A process that runs a file of this folder. */
  start(file, ...args) {
    const other = startOther(fileURLToPath(new URL(file, import.meta.url)), args)
    const ended = other.exited.then(({ code, signal }) => `${file} ended with ${signal ?? `code ${code}`}`)
    return this.add({ call: other.call, kill: other.kill, ended })
  }

  kill() {
    this.#killed = true
    for (const part of this.#parts.splice(0)) part.kill()
    leave()
  }
}
