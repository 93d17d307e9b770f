import { expect, test } from '@jest/globals'
import { parseExtension } from '../../../src/protocol/lobby/extension.ts'

test.each([
  ['{"a":1}', { a: 1 }],
  ['[1]', [1]],
  ['', null],
  ['null', null],
  ['5', null],
  ['"text"', null],
  ['{', null],
])('the data %j is read as %j', (data, value) => {
  expect(parseExtension(data)).toEqual(value)
})
