import { type Nim, winnerOf } from './nim.ts'

/** Who is there, as one player sees it. */
export interface Attendance {
  readonly self: number
  /** The other peers that are connected. */
  readonly present: readonly number[]
  /** Players that a game needs. */
  readonly size: number
  readonly game: Nim | null
}

export function isHere({ self, present }: Attendance, id: number): boolean {
  return id === self || present.includes(id)
}

/** Those whom the game concerns and who are there. Before it, all who are there, once they are as many as it needs. */
export function playersHere(attendance: Attendance): readonly number[] {
  const { self, present, size, game } = attendance
  if (game !== null) return game.players.filter((id) => isHere(attendance, id))
  return present.length + 1 === size ? [self, ...present] : []
}

/** The one who keeps the game: of the players who are there, the one with the lowest id. */
export function hostOf(attendance: Attendance): number | null {
  const players = playersHere(attendance)
  return players.length === 0 ? null : Math.min(...players)
}

export function hasAbsentPlayer(attendance: Attendance): boolean {
  const { game } = attendance
  return game !== null && winnerOf(game) === null && game.players.some((id) => !isHere(attendance, id))
}
