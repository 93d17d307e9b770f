import { createInterface } from 'node:readline'
import { joinLobby, type JoinedLobby } from 'webrtc-multiplayer/lobby'
import { connectGame, meshOf, startGame } from './game.ts'
import type { GameActor } from './game-machine.ts'
import { MOST, moverOf, type Nim, take, winnerOf } from './nim.ts'

export interface TerminalOptions {
  /** Of the lobby server. */
  readonly url: string
  readonly lobby: string
  /** Players, 2 to 4. */
  readonly size: number
}

/** Plays one game. Resolves when it is over, or the player has had enough. */
export async function playInTerminal({ url, lobby, size }: TerminalOptions): Promise<void> {
  const game = startGame({ size })
  try {
    // Whoever has made the lobby may go, and the others play on.
    const create = { maxMembers: size, onHostLeave: 'keep' } as const
    const joined = await joinLobby(url, { lobby, create, peer: { actor: meshOf(game) } })
    connectGame(game, joined.peer)
    await playOn(game, joined, size)
    await joined.leave()
  } finally {
    game.stop()
  }
}

async function playOn(game: GameActor, { id, lobby, verdicts$ }: JoinedLobby, size: number): Promise<void> {
  console.log(`You are player ${id} in the lobby "${lobby}". The game begins when ${size} players are there.`)
  const input = createInterface(process.stdin)
  const signals = ['SIGINT', 'SIGTERM'] as const
  const end = (): void => {
    input.close()
  }
  for (const signal of signals) process.once(signal, end)
  const isOver = new Promise<void>((resolve) => input.once('close', resolve))
  verdicts$.subscribe(({ message }) => {
    console.log(message)
  })
  let shown: Nim | null = null
  game.subscribe(({ context }) => {
    if (context.game === null || context.game === shown) return
    shown = context.game
    console.log(lineOf(shown, id))
    if (winnerOf(shown) !== null) end()
  })
  input.on('line', (line) => {
    const count = Number(line)
    if (shown === null || moverOf(shown) !== id) console.log('It is not your turn.')
    else if (take(shown, id, count) === null) console.log(`Take 1 to ${Math.min(MOST, shown.matches)}.`)
    else game.send({ type: 'choose', count })
  })
  await isOver
  // Closed by the line that ended the game, it would go on reading from a pipe and keep the process.
  process.stdin.destroy()
}

/** What a player is shown. */
function lineOf(game: Nim, self: number): string {
  const nameOf = (id: number): string => (id === self ? 'you' : `player ${id}`)
  const { matches, players } = game
  const heap = `${'|'.repeat(matches)} ${matches}`.trim()
  const [winner, mover] = [winnerOf(game), moverOf(game)]
  if (winner !== null) return `${heap}: ${winner === self ? 'you have' : `${nameOf(winner)} has`} won.`
  const whose = mover === self ? `you take 1 to ${Math.min(MOST, matches)}` : `${nameOf(mover ?? 0)} is to move`
  return `${heap}: ${whose} (playing: ${players.map(nameOf).join(', ')}).`
}
