import type { Tone } from './screen-state.ts'

/** A piece of a line with how it is meant. Every character of it is one column wide. */
export interface Cell {
  readonly text: string
  readonly tone: Tone
}

/** A line of the screen. */
export type Line = readonly Cell[]

export function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text, tone }
}

/** Cuts a line to a width, with a mark where it was cut. */
export function fit(line: Line, columns: number): Line {
  const width = line.reduce((sum, { text }) => sum + text.length, 0)
  if (plainText(line).trimEnd().length <= columns || columns < 1) return width <= columns ? line : cut(line, columns)
  return [...cut(line, columns - 1), cell('…', 'faint')]
}

/** A line without its tones. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('')
}

function cut(line: Line, columns: number): Line {
  let room = columns
  return line.flatMap((piece) => {
    const text = piece.text.slice(0, Math.max(0, room))
    room -= text.length
    return text === '' ? [] : [{ ...piece, text }]
  })
}
