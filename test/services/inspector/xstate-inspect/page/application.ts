import { inspect } from '@xstate/inspect'
import { createMachine, interpret } from 'xstate'

// An application with XState 4 that shows itself in the page at `?inspector`, in a frame.
const light = createMachine({
  id: 'light',
  predictableActionArguments: true,
  initial: 'red',
  states: { red: { on: { GO: 'green' } }, green: { on: { STOP: 'red' } } },
})
const iframe = document.createElement('iframe')
iframe.style.width = '1200px'
iframe.style.height = '700px'
document.body.append(iframe)
inspect({ url: new URLSearchParams(location.search).get('inspector') ?? '', iframe })
const service = interpret(light, { devTools: true }).start()
Object.assign(globalThis, { service })
