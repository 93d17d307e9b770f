/** A game of Nim: players take one to three matches in turn; who takes the last one wins. */
export interface Nim {
  /** Moves made so far. */
  readonly turn: number
  readonly matches: number
  /** Who still plays; the first is to move. */
  readonly players: readonly number[]
}

/** Matches at the beginning, and the most that a player may take. */
export const MATCHES = 21
export const MOST = 3

export function newNim(players: readonly number[], matches = MATCHES): Nim {
  return { turn: 0, matches, players }
}

/** The one who has taken the last match, or whom all others have left alone; null while the game goes on. */
export function winnerOf({ matches, players }: Nim): number | null {
  if (matches === 0) return players.at(-1) ?? null
  return players.length === 1 ? (players[0] ?? null) : null
}

/** Who is to move; null when the game is over. */
export function moverOf(game: Nim): number | null {
  return winnerOf(game) === null ? (game.players[0] ?? null) : null
}

/** The game after a move; null if the rules do not allow it. */
export function take(game: Nim, player: number, count: number): Nim | null {
  const { turn, matches, players } = game
  if (moverOf(game) !== player) return null
  if (!Number.isInteger(count) || count < 1 || count > Math.min(MOST, matches)) return null
  return { turn: turn + 1, matches: matches - count, players: [...players.slice(1), player] }
}

/** The game without those who are gone; the same one if it is over, or all are there. */
export function without(game: Nim, isGone: (player: number) => boolean): Nim {
  const players = game.players.filter((player) => !isGone(player))
  const isUnchanged = winnerOf(game) !== null || players.length === game.players.length
  return isUnchanged ? game : { ...game, players }
}

/** Whether one knows more than the other: a later turn, or in the same turn who has gone. */
export function isNewer(game: Nim, known: Nim | null): boolean {
  if (known === null || game.turn !== known.turn) return game.turn > (known?.turn ?? -1)
  return game.players.length < known.players.length
}
