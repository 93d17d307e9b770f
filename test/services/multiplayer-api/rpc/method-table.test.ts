import { describe, expect, test } from '@jest/globals'
import { rpc } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { MethodTable } from '../../../../src/services/multiplayer-api/rpc/method-table.ts'

const ofScript = rpc()
const ofNode = rpc({ configuredBy: 'node' })

function numbers(table: MethodTable): Record<string, number> {
  return Object.fromEntries([...table.all].map(({ name, number }) => [name, number]))
}

describe('numbers of methods', () => {
  test('are the places of their names in the order of code points, whatever the order of declaration', () => {
    const table = new MethodTable({
      b: ofScript,
      _z: ofScript,
      B: ofScript,
      '\u{1f600}': ofScript,
      '\ufffd': ofScript,
      ab: ofScript,
      a: ofScript,
    })
    expect(numbers(table)).toEqual({ B: 0, _z: 1, a: 2, ab: 3, b: 4, '\ufffd': 5, '\u{1f600}': 6 })
    expect(table.byNumber(2)?.name).toBe('a')
    expect(table.byNumber(7)).toBeUndefined()
  })

  test('those of the node itself have bit 15, and come first in the checksum', () => {
    const table = new MethodTable({ a: ofScript, z: ofNode, c: ofNode })
    expect(numbers(table)).toEqual({ a: 0, c: 0x8000, z: 0x8001 })
    // md5("cza")
    expect(table.md5).toBe('7cee843ceb0f2bbad16206a2465657a5')
  })

  test('a node without methods has the checksum of nothing', () => {
    expect(new MethodTable({}).md5).toBe('d41d8cd98f00b204e9800998ecf8427e')
  })
})

test.each(['', '$path', 'a\0b', '\ud800'])('%j is no name of a method', (name) => {
  expect(() => new MethodTable({ [name]: ofScript })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_PARAMETER', value: name }),
  )
})
