import { createMachine } from 'xstate'
import { authenticationMachine } from '../../../../src/machines/authentication-machine.ts'
import { meshMachine } from '../../../../src/machines/mesh-machine.ts'
import { negotiationMachine } from '../../../../src/machines/negotiation-machine.ts'
import { peerMachine } from '../../../../src/machines/peer-machine.ts'
import { definitionOf } from '../../../../src/services/inspector/recorder/definition-of.ts'
import type { Machine } from '../../../../src/services/inspector/recorder/machine-node.ts'
import type { MachineDefinition } from '../../../../src/services/inspector/wire/definition.ts'

/** Compound states three deep, final ones, invoked actors, and transitions that cross levels. */
export const orderMachine = createMachine({
  id: 'order',
  initial: 'cart',
  states: {
    cart: { on: { checkout: 'payment' } },
    payment: {
      initial: 'choosing',
      onDone: 'shipping',
      on: { cancel: 'cart' },
      states: {
        choosing: { on: { card: 'card', invoice: 'invoice' } },
        card: {
          initial: 'entering',
          states: {
            entering: { on: { submit: 'verifying' } },
            verifying: {
              invoke: { src: 'verification', onDone: '#order.payment.paid', onError: 'entering' },
              after: { 30_000: 'entering' },
            },
          },
        },
        invoice: { always: { target: 'paid', guard: 'isTrusted' }, on: { reject: 'choosing' } },
        paid: { type: 'final' },
      },
    },
    shipping: { on: { delivered: 'delivered', retry: { target: 'shipping', reenter: true } } },
    delivered: { type: 'final' },
  },
})

/** Parallel states, a history, a transition with two targets, wildcards. */
export const playerMachine = createMachine({
  id: 'player',
  type: 'parallel',
  on: { eject: { target: ['.playback.stopped', '.volume.audible'] }, 'volume.*': { actions: 'setVolume' } },
  states: {
    playback: {
      initial: 'stopped',
      states: {
        stopped: { on: { play: 'playing' } },
        playing: {
          initial: 'normal',
          on: { pause: 'paused', stop: 'stopped' },
          states: {
            normal: { on: { 'speed.up': { target: 'fast', guard: 'canGoFaster' } } },
            fast: { on: { 'speed.down': 'normal' }, after: { 5_000: 'normal' } },
            before: { type: 'history', target: 'normal' },
          },
        },
        paused: { on: { play: 'playing.before', stop: 'stopped' }, entry: ['savePosition'], exit: 'restore' },
      },
    },
    volume: {
      initial: 'audible',
      states: { audible: { on: { mute: 'muted' } }, muted: { on: { unmute: 'audible' } } },
    },
  },
})

/** Every machine of this package, one that is nested and one that is parallel. */
export const MACHINES: readonly Machine[] = [
  meshMachine,
  peerMachine,
  negotiationMachine,
  authenticationMachine,
  orderMachine,
  playerMachine,
].map((machine) => machine as unknown as Machine)

export const definition = (machine: unknown): MachineDefinition => definitionOf(machine as Machine)
