import { describe, expect, test } from '@jest/globals'
import { createActor } from 'xstate'
import { authenticationLogic } from '../../src/machines/authentication-machine.ts'
import type { AuthenticationEvent } from '../../src/machines/authentication-types.ts'
import { VirtualClock } from '../../src/testing/index.ts'

function start(timeout = 3_000) {
  const clock = new VirtualClock()
  const entered: string[] = []
  const actor = createActor(authenticationLogic, {
    input: {
      peer: 2,
      timeout,
      port: { entered: (state, reason) => entered.push(reason === undefined ? state : `${state}: ${reason}`) },
    },
    clock,
  }).start()
  return { actor, clock, entered }
}

const local: AuthenticationEvent = { type: 'local.done' }
const remote: AuthenticationEvent = { type: 'remote.done' }
const lost: AuthenticationEvent = { type: 'fail', reason: 'connection-lost' }

describe('the authentication of one peer', () => {
  test.each<[string, AuthenticationEvent[], string[]]>([
    ['this side first', [local, remote], ['exchanging', 'awaitingRemote', 'completed']],
    ['the other side first', [remote, local], ['exchanging', 'awaitingLocal', 'completed']],
    ['this side twice', [local, local], ['exchanging', 'awaitingRemote']],
    ['the other side twice', [remote, remote], ['exchanging', 'awaitingLocal']],
    ['lost at once', [lost, local, remote], ['exchanging', 'failed: connection-lost']],
    ['lost after this side', [local, lost, remote], ['exchanging', 'awaitingRemote', 'failed: connection-lost']],
    ['lost after the other side', [remote, lost], ['exchanging', 'awaitingLocal', 'failed: connection-lost']],
    ['lost too late', [local, remote, lost], ['exchanging', 'awaitingRemote', 'completed']],
  ])('%s', (_, events, expected) => {
    const { actor, entered, clock } = start()
    for (const event of events) actor.send(event)
    expect(entered).toEqual(expected)
    const isOver = actor.getSnapshot().status === 'done'
    expect(isOver).toBe(/completed|failed/.test(expected.at(-1) ?? ''))
    expect(clock.pending).toBe(isOver ? 0 : 1)
    actor.stop()
    expect(clock.pending).toBe(0)
  })

  test.each<[string, AuthenticationEvent[]]>([
    ['nobody', []],
    ['this side', [local]],
    ['the other side', [remote]],
  ])('fails in time when only %s is done', (_, events) => {
    const { actor, entered, clock } = start(500)
    for (const event of events) actor.send(event)
    clock.advance(499)
    expect(actor.getSnapshot().status).toBe('active')
    clock.advance(1)
    expect(entered.at(-1)).toBe('failed: timeout')
    expect(actor.getSnapshot().output).toEqual({ peer: 2, reason: 'timeout' })
  })

  test('waits for ever with a timeout of 0', () => {
    const { actor, clock } = start(0)
    expect(clock.pending).toBe(0)
    actor.stop()
  })
})
