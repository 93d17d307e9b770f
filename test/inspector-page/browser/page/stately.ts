import { createBrowserInspector } from '@statelyai/inspect'
import { createActor, createMachine } from 'xstate'

// An application that shows itself in the page at `?inspector`, in a frame, by the inspector of XState's makers.
const light = createMachine({
  id: 'light',
  initial: 'red',
  states: { red: { on: { GO: 'green' } }, green: { on: { STOP: 'red' } } },
})
const iframe = document.createElement('iframe')
iframe.style.width = '1200px'
iframe.style.height = '700px'
document.body.append(iframe)
const { inspect } = createBrowserInspector({ url: new URLSearchParams(location.search).get('inspector') ?? '', iframe })
const actor = createActor(light, { inspect }).start()
Object.assign(globalThis, { actor })
