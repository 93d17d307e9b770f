// An application with XState 4 that is inspected by the server of @xstate/inspect. It says at which port; it does what it is ordered: `send` an event, `stop` its service, `start` another, or `end` itself.
import { inspect } from '@xstate/inspect/lib/server.js'
import { WebSocketServer } from 'ws'
import { createMachine, interpret, sendTo } from 'xstate'

const light = createMachine({
  id: 'light',
  predictableActionArguments: true,
  initial: 'red',
  states: { red: { on: { GO: 'green' } }, green: { after: { 60_000: 'red' }, on: { STOP: 'red' } } },
})
const crossing = createMachine(
  {
    id: 'crossing',
    predictableActionArguments: true,
    context: { presses: 0 },
    initial: 'busy',
    invoke: { id: 'light', src: light },
    states: {
      busy: { on: { PRESS: { target: 'waiting', cond: 'isAllowed', actions: sendTo('light', { type: 'GO' }) } } },
      waiting: { on: { END: 'off', AGAIN: 'busy' } },
      off: { type: 'final' },
    },
  },
  { guards: { isAllowed: () => true } },
)

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
const inspector = inspect({ server })
const start = (id) => interpret(crossing, { devTools: true, id }).start()
const service = start('crossing of today')

const orders = {
  send: ({ event }) => service.send(event),
  stop: () => service.stop(),
  start: () => start('crossing of tomorrow'),
  end: () => {
    inspector.disconnect()
    for (const client of server.clients) client.terminate()
    process.disconnect()
  },
}
process.on('message', (order) => orders[order.what](order))
server.once('listening', () => process.send({ port: server.address().port }))
