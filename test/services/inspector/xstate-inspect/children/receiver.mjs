// A viewer as those of XState 4 are: the receiver of @xstate/inspect, that rebuilds machines and states with XState 4. Its argument is the server; what it is ordered to send it sends.
import { createWebSocketReceiver } from '@xstate/inspect'
import { WebSocket } from 'ws'

// It was made for browsers.
globalThis.WebSocket = WebSocket

const receiver = createWebSocketReceiver({ server: process.argv[2] })
const machines = new Map()

receiver.subscribe({
  next: (told) => process.send(rebuilt(told)),
  error: (error) => process.send({ type: 'error', message: String(error.message) }),
})
process.on('message', (event) => receiver.send(event))

function rebuilt({ type, sessionId, ...told }) {
  switch (type) {
    case 'service.register': {
      const { machine, state, id, parent } = told
      machines.set(sessionId, machine)
      return {
        type,
        sessionId,
        id,
        parent,
        machine: machine.id,
        states: machine.stateIds,
        ...resolved(sessionId, state),
      }
    }
    case 'service.state':
      return { type, sessionId, by: told.state.event.type, ...resolved(sessionId, told.state) }
    case 'service.event':
      return { type, sessionId, event: told.event.name, data: told.event.data }
    default:
      return { type, sessionId }
  }
}

/** The state in its machine, which throws for a state that the machine does not have. */
function resolved(sessionId, state) {
  const { value, context, done, nextEvents } = machines.get(sessionId).resolveState(state)
  return { value, context, done, nextEvents }
}
