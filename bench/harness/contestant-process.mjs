/**
 * A contestant's process: `node contestant-process.mjs WORK CONTESTANT first|second SETTINGS`. The first one measures, the second one has the other end of the connection.
 * A contestant is an adapter's name, with a variant of it after a colon.
 */
import { fileURLToPath } from 'node:url'
import { Connector, Listener } from './pair.mjs'
import { serve, startOther } from './processes.mjs'

const [workUrl, contestant, order, settingsText] = process.argv.slice(2)
const settings = JSON.parse(settingsText)
const [name, variant] = contestant.split(':')

// A library that waits for nothing else must not keep a process alive whose work is over.
process.once('disconnect', () => process.exit(0))

let adapter
let work
let failure
try {
  work = await import(workUrl)
  adapter = await import(new URL(`../contestants/${name}.mjs`, import.meta.url))
  const available = (await adapter.available?.()) ?? true
  if (available !== true) throw new Error(available)
} catch (error) {
  failure = error
}

if (order === 'first') first()
else second()

function first() {
  const place = { contestant, variant, adapter, settings }
  const parent = serve({
    describe() {
      if (failure !== undefined) throw new Error(firstLine(failure))
      if (work.processes === 2) {
        const other = startOther(fileURLToPath(import.meta.url), [workUrl, contestant, 'second', settingsText])
        parent.signal({ pid: other.pid })
        const connector = new Connector(place, other)
        Object.assign(place, { call: other.call, connect: connector.connect, pair: connector.pair })
      }
      return { modes: adapter.modes, cannot: adapter.cannot ?? {} }
    },
    measure: ({ cell, info }) => work.measure(cell, { ...place, ...info }),
  })
}

function second() {
  const listener = new Listener({ variant, adapter })
  const place = { contestant, variant, adapter, settings, end: () => listener.end }
  const parent = serve({ ...listener.handlers, ...work.serve?.(place) })
  listener.listen(parent)
}

function firstLine(error) {
  return String(error?.message ?? error).split('\n', 1)[0]
}
