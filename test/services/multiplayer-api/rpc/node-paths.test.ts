import { describe, expect, test } from '@jest/globals'
import { NodePaths } from '../../../../src/services/multiplayer-api/rpc/node-paths.ts'

const REFUSED = expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' })

describe('a path as a user gives it', () => {
  const paths = new NodePaths('/root/Game')

  test.each([
    ['/root/Game/Main', 'Main', '/root/Game/Main'],
    ['/root/Game/Main/', 'Main', '/root/Game/Main'],
    ['/root//Game/./Main/Players/1', 'Main/Players/1', '/root/Game/Main/Players/1'],
    ['Main/Player', 'Main/Player', '/root/Game/Main/Player'],
    ['Main/../Other', 'Other', '/root/Game/Other'],
    ['/root/Game', '.', '/root/Game'],
    ['@Node@2/Ünï', '@Node@2/Ünï', '/root/Game/@Node@2/Ünï'],
  ])('%s is sent as %s', (path, wire, whole) => {
    expect(paths.toWire(path)).toBe(wire)
    expect(paths.whole(wire)).toBe(whole)
  })

  test.each(['', '/root', '/Game/Main', '/root/Game2/Main', '..', 'a/../../b', 'a.b', 'a:b', '%Unique', 'a"b', 'a\0b'])(
    '%j is refused',
    (path) => {
      expect(() => paths.toWire(path)).toThrow(REFUSED)
    },
  )

  test('the root path is a whole one', () => {
    expect(() => new NodePaths('root')).toThrow(REFUSED)
    expect(new NodePaths('/').toWire('/root/A')).toBe('root/A')
  })
})

describe('a path as it is received', () => {
  const paths = new NodePaths('/root')

  test.each([
    ['Main/Player', 'Main/Player'],
    ['./Main//Player/', 'Main/Player'],
    ['Main/../Other', 'Other'],
    ['/root/Main', 'Main'],
    ['.', '.'],
    ['', '.'],
    ['Main/..', '.'],
  ])('%j is %s', (path, found) => {
    expect(paths.fromWire(path)).toBe(found)
  })

  test.each(['..', '../root/Main', '/', '/other/Main', 'a/../..'])('%j leads out of the root', (path) => {
    expect(paths.fromWire(path)).toBeUndefined()
  })
})
