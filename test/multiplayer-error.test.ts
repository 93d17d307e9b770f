import { describe, expect, test } from '@jest/globals'
import { GODOT_ERRORS, MultiplayerError, type MultiplayerErrorCode } from '../src/multiplayer-error.ts'

describe('MultiplayerError', () => {
  test.each(Object.entries(GODOT_ERRORS))('%s has Godot number %i', (code, number) => {
    const error = new MultiplayerError(code as MultiplayerErrorCode, 'message', { value: 7 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'MultiplayerError', code, godotError: number, value: 7, message: 'message' })
  })

  test('keeps its cause, and has none where none was given', () => {
    const cause = new Error('below')
    expect(new MultiplayerError('FAILED', 'm', { cause }).cause).toBe(cause)
    expect('cause' in new MultiplayerError('FAILED', 'm')).toBe(false)
  })
})
