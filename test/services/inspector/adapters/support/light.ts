import { createMachine, sendTo } from 'xstate'

export const light = createMachine({
  id: 'light',
  initial: 'red',
  states: { red: { on: { GO: 'green' } }, green: { on: { STOP: 'red' } } },
})

/** A machine with another one in it. */
export const crossing = createMachine({
  id: 'crossing',
  initial: 'busy',
  invoke: { src: light, id: 'light' },
  states: {
    busy: { on: { PRESS: { target: 'waiting', actions: sendTo('light', { type: 'GO' }) } } },
    waiting: { type: 'final' },
  },
})
