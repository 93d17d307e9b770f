import { describe, expect, test } from '@jest/globals'
import { eventTypeFromV4, eventTypeToV4 } from '../../../../src/services/inspector/adapters/v4-event-types.ts'

describe('names of the events that XState makes', () => {
  test.each([
    ['xstate.done.actor.light', 'done.invoke.light'],
    ['xstate.done.actor.0.mesh.busy', 'done.invoke.0.mesh.busy'],
    ['xstate.error.actor.light', 'error.platform.light'],
    ['xstate.error.actor.*', 'error.platform.*'],
    ['xstate.done.state.mesh.busy', 'done.state.mesh.busy'],
    ['xstate.after.1000.mesh.busy', 'xstate.after(1000)#mesh.busy'],
    ['xstate.after.backOff.negotiation.backingOff', 'xstate.after(backOff)#negotiation.backingOff'],
    ['xstate.init', 'xstate.init'],
    ['xstate.stop', 'xstate.stop'],
    ['*', '*'],
    ['', ''],
    ['pc.connectionState', 'pc.connectionState'],
    ['toString', 'toString'],
  ])('%j is %j in XState 4', (five, four) => {
    expect(eventTypeToV4(five)).toBe(four)
    expect(eventTypeFromV4(four)).toBe(five)
  })
})
