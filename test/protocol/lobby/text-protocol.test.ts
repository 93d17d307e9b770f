import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LobbyMessageType } from '../../../src/protocol/lobby/message.ts'
import { encodeText, parseText } from '../../../src/protocol/lobby/text-protocol.ts'

const { JOIN, ID, PEER_CONNECT, PEER_DISCONNECT, OFFER, ANSWER, CANDIDATE, SEAL } = LobbyMessageType

describe('text messages', () => {
  test.each([
    [{ type: JOIN, id: 0, data: 'lobby' }, 'J: lobby\n'],
    [{ type: JOIN, id: 0, data: '' }, 'J: \n'],
    [{ type: ID, id: 1, data: '' }, 'I: 1\n'],
    [{ type: PEER_CONNECT, id: 2, data: '' }, 'N: 2\n'],
    [{ type: PEER_DISCONNECT, id: 2147483647, data: '' }, 'D: 2147483647\n'],
    [{ type: OFFER, id: 3, data: 'v=0\r\n' }, 'O: 3\nv=0\r\n'],
    [{ type: ANSWER, id: 3, data: '' }, 'A: 3\n'],
    [{ type: CANDIDATE, id: 3, data: '\n0\n0\nc' }, 'C: 3\n\n0\n0\nc'],
    [{ type: SEAL, id: 0, data: '' }, 'S: \n'],
  ])('%j is written as %j', (message, text) => {
    expect(encodeText(message)).toBe(text)
    expect(parseText(text)).toEqual(message)
  })

  test('ID has no payload: the protocol knows meshes only', () => {
    expect(encodeText({ type: ID, id: 5, data: 'true' })).toBe('I: 5\n')
  })

  test('what the protocol has no letter for is not written', () => {
    expect(encodeText({ type: LobbyMessageType.ERROR, id: 0, data: '' })).toBeNull()
  })

  test.each([
    ['', null],
    ['J: ', null],
    ['\n', null],
    ['J:\n', null],
    ['JX \n', null],
    ['\nJ: hall\n', null],
    ['J:  hall \r\n', { type: JOIN, id: 0, data: 'hall' }],
    ['S: whatever\n', { type: SEAL, id: 0, data: 'whatever' }],
    ['O: host\nsdp', { type: OFFER, id: 0, data: 'sdp' }],
    ['O: -5\nsdp', { type: OFFER, id: 0, data: 'sdp' }],
    ['O: 99999999999\nsdp', { type: OFFER, id: 0, data: 'sdp' }],
    ['X: 5\n', { type: -1, id: 5, data: '' }],
  ])('%j is read as %j', (text, message) => {
    expect(parseText(text)).toEqual(message)
  })

  test('signals are read as they were written, whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(OFFER, ANSWER, CANDIDATE),
        fc.integer({ min: 1, max: 2_147_483_647 }),
        fc.string({ unit: 'grapheme' }),
        (type, id, data) => {
          expect(parseText(encodeText({ type, id, data }) ?? '')).toEqual({ type, id, data })
        },
      ),
    )
  })
})
