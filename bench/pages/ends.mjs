/** The two ends of a connection, in pages or in Node. What they measure, and how, is what the works in Node do. */
import { counting } from '../harness/flood.mjs'
import { Connector, Listener } from '../harness/pair.mjs'
import * as messages from '../work/messages.mjs'
import * as ping from '../work/ping.mjs'
import * as setUp from '../work/set-up.mjs'

/**
 * The end that offers, and that measures.
 *
 * @returns what a cell's `measure` names: functions of the cell and of `{ settings, round, warmUp }`.
 */
export function firstEnd(line, { adapter, variant }) {
  const connector = new Connector({ adapter, variant }, line)
  const place = { adapter, variant, call: line.call, connect: connector.connect, pair: connector.pair }
  let end
  line.handlers = counting({ end: () => end })
  const measured =
    ({ measure }) =>
    (cell, info) =>
      measure(cell, { ...place, ...info })
  return {
    flood: measured(messages),
    ping: measured(ping),
    setUp: measured(setUp),
    /** A flood from the other end. */
    async receive(cell, info) {
      end = await place.pair()
      return line.call('flood', { cell, info })
    },
  }
}

/** The other end. */
export function secondEnd(line, { adapter, variant }) {
  const listener = new Listener({ adapter, variant })
  const end = () => listener.end
  line.handlers = {
    ...listener.handlers,
    ...counting({ end }),
    ...ping.serve({ end }),
    flood: ({ cell, info }) => messages.measure(cell, { adapter, variant, call: line.call, pair: end, ...info }),
  }
  listener.listen(line)
}
