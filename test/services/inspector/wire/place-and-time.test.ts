import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { epochClock } from '../../../../src/services/inspector/wire/epoch.ts'
import { randomSource, thisPlace } from '../../../../src/services/inspector/wire/this-place.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

describe('the time of messages', () => {
  test('goes by the monotonic clock, unless the time of the day is quite another', () => {
    let [monotonic, wall] = [5_000, 1_000_000]
    jest.spyOn(performance, 'now').mockImplementation(() => monotonic)
    jest.spyOn(Date, 'now').mockImplementation(() => wall)
    const now = epochClock()
    expect(now()).toBe(1_000_000)
    // The wall's clock is set back a little: what comes later has a later time.
    ;[monotonic, wall] = [5_010.25, 999_500]
    expect(now()).toBe(1_000_010.25)
    // The machine has slept for an hour.
    ;[monotonic, wall] = [5_020, 4_600_000]
    expect(now()).toBe(4_600_000)
    monotonic += 7
    expect(now()).toBe(4_600_007)
  })
})

describe('where this runs', () => {
  const globals = globalThis as { document?: unknown; navigator?: unknown }

  test.each<[string, object, object]>([
    ['a page with a title', { title: 'Cursors' }, { platform: 'browser', name: 'Cursors', detail: 'Firefox/150' }],
    ['a page without one', { title: '' }, { platform: 'browser', name: 'page', detail: 'Firefox/150' }],
    ['one with a very long one', { title: 'x'.repeat(1_000) }, { name: 'x'.repeat(200) }],
  ])('%s', (_, document, expected) => {
    const before = Object.getOwnPropertyDescriptor(globals, 'navigator')
    Object.defineProperty(globals, 'navigator', { value: { userAgent: 'Firefox/150' }, configurable: true })
    globals.document = document
    try {
      expect(thisPlace()).toMatchObject(expected)
    } finally {
      delete globals.document
      if (before === undefined) delete globals.navigator
      else Object.defineProperty(globals, 'navigator', before)
    }
  })

  test('a process', () => {
    expect(thisPlace()).toEqual({ platform: 'node', name: `process ${process.pid}`, detail: `process ${process.pid}` })
  })

  test('sources have names of their own', () => {
    const names = Array.from({ length: 100 }, randomSource)
    expect(new Set(names).size).toBe(100)
    expect(names.every((name) => /^[0-9a-f]{10}$/.test(name))).toBe(true)
  })
})
