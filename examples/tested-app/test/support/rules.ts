import type { Finding, HistoryEntry, Rule } from 'webrtc-multiplayer/testing'
import { MOST, type Nim, winnerOf } from '../../src/nim.ts'

/** What a player was shown, as it stands in a history. */
interface Shown {
  readonly at: number
  readonly on: string
  readonly index: number
  readonly game: Nim
}

/** What a player has chosen. */
export interface Choice {
  readonly player: number
  readonly turn: number
  readonly count: number
}

/** All agree on the winner. */
export const oneWinner: Rule = {
  name: 'one-winner',
  demands: 'When all is over, everyone who is there has seen the same player win, or the game has never begun.',
  find: (entries) => {
    const { end, here, shown } = lookAt(entries)
    if (shown.length === 0) return []
    const last = new Map<string, number | null>([...here].map((on) => [on, null]))
    for (const { on, game } of shown) last.set(on, winnerOf(game))
    const winner = Math.max(...[...last.values()].map((id) => id ?? 0))
    const at = entries[end]?.at ?? 0
    return [...last].flatMap(([on, seen]) => {
      const message = `${on} has seen ${seen ?? 'nobody'} win, others ${winner}`
      return seen === winner && winner > 0 ? [] : [{ since: 0, at, index: end, on, message }]
    })
  },
}

/** There is one game, and nobody moves twice. */
export const oneMoveATurn: Rule = {
  name: 'one-move-a-turn',
  demands: 'In a turn all see the same matches, and the next turn comes by one move of the player whose turn it was.',
  find: (entries) => {
    /** Of each turn, what was seen with the most players. */
    const turns = new Map<number, Nim>()
    return lookAt(entries).shown.flatMap(({ at, on, index, game }): Finding[] => {
      const known = turns.get(game.turn)
      const before = turns.get(game.turn - 1)
      if (known === undefined || game.players.length > known.players.length) turns.set(game.turn, game)
      const wrong =
        known !== undefined && known.matches !== game.matches
          ? `but it was ${JSON.stringify(known)}`
          : before !== undefined && !isNext(before, game)
            ? `which no move makes of ${JSON.stringify(before)}`
            : null
      return wrong === null
        ? []
        : [{ since: 0, at, index, on, message: `${on} sees ${JSON.stringify(game)}, ${wrong}` }]
    })
  },
}

/** No turn is lost. */
export const noLostTurn: Rule = {
  name: 'no-lost-turn',
  demands: 'What a player has chosen is done, if that player stays; and nothing else is done in its place.',
  find: (entries) => {
    const { end, here, shown } = lookAt(entries)
    return entries.flatMap((entry, index): Finding[] => {
      if (entry.kind !== 'note' || entry.what !== 'chose' || !here.has(entry.on)) return []
      const { turn, count } = entry.value as Choice
      const before = shown.find(({ game }) => game.turn === turn)?.game
      const after = shown.find(({ game }) => game.turn === turn + 1)?.game
      if (before && after && before.matches - after.matches === count) return []
      // All others have gone before it was done.
      if (!after && shown.some(({ game }) => game.turn === turn && winnerOf(game) !== null)) return []
      const message = `${entry.on} has chosen ${count} in turn ${turn}, which came to nothing`
      return [{ since: entry.at, at: entries[end]?.at ?? entry.at, index, on: entry.on, message }]
    })
  },
}

/** Who stays to the end, and what those were shown: what only the dead have seen may be lost with them. */
function lookAt(entries: readonly HistoryEntry[]): { end: number; here: ReadonlySet<string>; shown: Shown[] } {
  const end = entries.findIndex(({ kind }) => kind === 'closing')
  const before = entries.slice(0, end)
  const here = new Set(before.flatMap((entry) => (entry.kind === 'status' ? [entry.on] : [])))
  for (const entry of before) if (entry.kind === 'end') here.delete(entry.on)
  const shown = before.flatMap((entry, index) =>
    entry.kind === 'note' && entry.what === 'game' && here.has(entry.on)
      ? [{ at: entry.at, on: entry.on, index, game: entry.value as Nim }]
      : [],
  )
  return { end, here, shown }
}

/** Whether one move makes this of what was before; players may have gone before and after it, the mover too. */
function isNext(before: Nim, { matches, players }: Nim): boolean {
  const taken = before.matches - matches
  if (taken < 1 || taken > MOST) return false
  return before.players.some((mover, place) => {
    const earlier = before.players.slice(0, place)
    const order = [...before.players.slice(place + 1), mover].filter((player) => players.includes(player))
    return !earlier.some((player) => players.includes(player)) && order.join() === players.join()
  })
}
