import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { encodeJson, parseJson } from '../../../src/protocol/lobby/json-protocol.ts'
import { LobbyMessageType } from '../../../src/protocol/lobby/message.ts'

describe('JSON messages', () => {
  test.each([
    [{ type: LobbyMessageType.JOIN, id: 0, data: '' }, '{"type":0,"id":0,"data":""}'],
    [{ type: LobbyMessageType.ID, id: 1, data: 'true' }, '{"type":1,"id":1,"data":"true"}'],
    [{ type: LobbyMessageType.CANDIDATE, id: 7, data: '\n0\n0\nc' }, '{"type":6,"id":7,"data":"\\n0\\n0\\nc"}'],
    [{ id: 2, data: '"', type: LobbyMessageType.OFFER }, '{"type":4,"id":2,"data":"\\""}'],
  ])('%j is written as %s', (message, text) => {
    expect(encodeJson(message)).toBe(text)
    expect(parseJson(text)).toEqual(message)
  })

  test.each([
    ['', null],
    ['null', null],
    ['[]', null],
    ['{"type":0}', null],
    ['{"type":-1,"id":0}', null],
    ['{"type":0,"id":-1}', null],
    ['{"type":"0","id":0}', null],
    ['{"type":1e999,"id":0}', null],
    ['{"type":4.7,"id":5.2,"data":"x"}', { type: 4, id: 5, data: 'x' }],
    ['{"type":4,"id":5}', { type: 4, id: 5, data: '' }],
    ['{"type":4,"id":5,"data":{"a":1}}', { type: 4, id: 5, data: '' }],
  ])('%s is read as %j', (text, message) => {
    expect(parseJson(text)).toEqual(message)
  })

  test('what is written is read as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string({ unit: 'grapheme' }), (type, id, data) => {
        expect(parseJson(encodeJson({ type, id, data }))).toEqual({ type, id, data })
      }),
    )
  })

  test('any text is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const message = parseJson(text)
        expect(message === null || (message.type >= 0 && message.id >= 0)).toBe(true)
      }),
    )
  })
})
