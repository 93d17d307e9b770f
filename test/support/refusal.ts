import { expect } from '@jest/globals'

/** Matches a MultiplayerError of this code, whose message is a sentence. */
export const refusal = (code: string): unknown =>
  expect.objectContaining({
    name: 'MultiplayerError',
    code,
    message: expect.stringMatching(/^\S.{12,}[.?]$/s),
  })
