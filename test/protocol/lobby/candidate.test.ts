import { describe, expect, test } from '@jest/globals'
import { decodeCandidate, encodeCandidate } from '../../../src/protocol/lobby/candidate.ts'

describe('candidates', () => {
  test('are written as Godot writes them, and read again', () => {
    const candidate = { media: '0', index: 0, name: 'candidate:1 1 UDP 1 192.0.2.1 9 typ host' }
    const data = '\n0\n0\ncandidate:1 1 UDP 1 192.0.2.1 9 typ host'
    expect(encodeCandidate(candidate)).toBe(data)
    expect(decodeCandidate(data)).toEqual(candidate)
  })

  test.each([
    ['', null],
    ['\n0\n0', null],
    ['\n\n0\ncandidate', null],
    ['\n0\nx\ncandidate', null],
    ['\n0\n-1\ncandidate', null],
    ['\n0\n1.5\ncandidate', null],
    ['\n0\n123456\ncandidate', null],
    ['\n0\n0\ncandidate\nmore', null],
    ['\n0\n12345\ncandidate', { media: '0', index: 12345, name: 'candidate' }],
    ['0\n0\ncandidate', { media: '0', index: 0, name: 'candidate' }],
    ['\n\n0\n\n0\ncandidate\n', { media: '0', index: 0, name: 'candidate' }],
    ['\naudio\n1\ncandidate', { media: 'audio', index: 1, name: 'candidate' }],
  ])('%j is read as %j', (data, candidate) => {
    expect(decodeCandidate(data)).toEqual(candidate)
  })
})
