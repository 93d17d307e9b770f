import { expect, test } from '@jest/globals'
import { authenticationMachine } from '../../src/machines/authentication-machine.ts'
import { meshMachine } from '../../src/machines/mesh-machine.ts'
import { negotiationMachine } from '../../src/machines/negotiation-machine.ts'
import { peerMachine } from '../../src/machines/peer-machine.ts'

test.each([
  ['authentication', authenticationMachine.id],
  ['mesh', meshMachine.id],
  ['negotiation', negotiationMachine.id],
  ['peer', peerMachine.id],
])('the machine of the %s is called so in the inspector', (name, id) => {
  expect(id).toBe(name)
})
