import { describe, expect, test } from '@jest/globals'
import { runChild, type ChildOptions } from '../../support/run-child.ts'

const CHILD = 'test/transport/node/children/hazards.ts'

/** Runs one hazard in a process of its own; it must end by itself, with code 0. */
async function survive(hazard: string, options: ChildOptions = {}): Promise<unknown> {
  const { code, signal, stdout, stderr } = await runChild(CHILD, { ...options, args: [hazard] })
  expect({ code, signal, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

describe('what would end the process with the bare native library does not', () => {
  test('an exception in any subscriber or receiver is an ordinary uncaught exception', async () => {
    expect(await survive('throwing subscribers')).toEqual([
      'bufferedAmountLow$',
      'connectionState$',
      'dataChannelReceived$',
      'gatheringState$',
      'iceCandidateCreated$',
      'message$',
      'readyState$',
      'receiver',
      'sessionDescriptionCreated$',
      'signalingState$',
    ])
  })

  test('an answer while nothing was offered', async () => {
    expect(await survive('answer in stable')).toEqual(['ERR_INVALID_PARAMETER', 'ERR_UNCONFIGURED'])
  })

  test('an offer without a channel', async () => {
    expect(await survive('offer without a channel')).toBe('ERR_UNCONFIGURED')
  })

  test('ICE attributes never reach the library, and there is no second offer', async () => {
    expect(await survive('ice attributes')).toEqual(['OK', 'ERR_UNCONFIGURED'])
  })

  test('an answer that the library refuses', async () => {
    expect(await survive('wrong answer')).toEqual(['ERR_INVALID_DATA', 'CONNECTING'])
  })

  test('no free port in the range', async () => {
    expect(await survive('port range full')).toEqual(['OK', 'OK', 'ERR_OUT_OF_MEMORY', 'ERR_OUT_OF_MEMORY'])
    expect(await survive('port range full, answering')).toBe('ERR_OUT_OF_MEMORY')
  })

  test('no free file descriptor', async () => {
    expect(await survive('no free descriptor', { before: 'ulimit -n 64' })).toEqual(['ERR_OUT_OF_MEMORY', true])
  })

  test('an address that is not ours', async () => {
    expect(await survive('foreign address')).toBe('ERR_INVALID_PARAMETER')
  })

  test("the library's cleanup(), called by someone else", async () => {
    expect(await survive('cleanup after close', { nodeArgs: ['--expose-gc'] })).toBe(0)
    expect(await survive('cleanup after the other side closed')).toBe(true)
  })

  test('a worker thread that ends', async () => {
    expect(await survive('worker thread')).toBe('ERR_UNAVAILABLE')
  })

  test('mutated descriptions and candidates', async () => {
    expect(await survive('mutated input')).toEqual(['ERR_INVALID_DATA', 'OK'])
  })
})

describe('the process ends by itself', () => {
  test.each([
    'natural exit',
    'natural exit when only the other side closed',
    'natural exit after both sides closed at once',
    'natural exit after close in every state',
  ])('%s', async (hazard) => {
    expect(await survive(hazard)).toBe('closed')
  })

  test('after 300 connections, without a file or a native object left', async () => {
    expect(await survive('300 cycles', { timeout: 60_000 })).toEqual({ filesLeft: 0, alive: 0 })
  }, 70_000)
})

test('no description, candidate, open event or message comes out of order', async () => {
  expect(await survive('order of events', { timeout: 60_000 })).toEqual([])
}, 70_000)

test('garbage collection takes no live native object', async () => {
  expect(await survive('garbage collection', { nodeArgs: ['--expose-gc'], timeout: 60_000 })).toBe('all open')
}, 70_000)
