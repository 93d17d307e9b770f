import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createLobbyServer, type LobbyServer } from '../../src/lobby-server.ts'
import { waitFor } from '../support/real-time.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Somebody at a terminal of their own. */
class Terminal {
  output = ''
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown[]>

  constructor(...args: readonly string[]) {
    this.#process = spawn(process.execPath, ['examples/tested-app/play.mjs', ...args], { cwd: ROOT })
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()))
    }
    this.#exited = once(this.#process, 'close')
  }

  get id(): number {
    return Number(/You are player (\d+)/.exec(this.output)?.[1])
  }

  /** The last line. */
  get shown(): string {
    return this.output.trimEnd().split('\n').at(-1) ?? ''
  }

  type(text: string): void {
    this.#process.stdin?.write(`${text}\n`)
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#process.kill(signal)
    return this.ended()
  }

  async ended(): Promise<number | null> {
    return (await this.#exited)[0] as number | null
  }
}

let server: LobbyServer
const terminals: Terminal[] = []
beforeEach(async () => {
  server = await createLobbyServer({ port: 0 })
})
afterEach(async () => {
  await Promise.all(terminals.splice(0).map((terminal) => terminal.end('SIGKILL')))
  await server.close()
})

/** As many players as the game needs, the one with the lowest id, the host, first. */
async function meet(size: number): Promise<Terminal[]> {
  for (let i = 0; i < size; i++) terminals.push(new Terminal(server.url, `--players=${size}`))
  await waitFor(() => terminals.every(({ shown }) => shown.includes('| 21: ')), 'the game begins')
  return [...terminals].sort((a, b) => a.id - b.id)
}

/** Whose turn it is moves; resolves when all have seen it. */
async function move(players: readonly Terminal[], left: number, count: number): Promise<void> {
  const mover = players.find(({ shown }) => shown.includes('you take 1 to'))
  mover?.type(String(count))
  await waitFor(() => players.every(({ shown }) => shown.includes(`| ${left}: `)), `there are ${left} matches`)
}

test('two play to the end, and the processes end by themselves', async () => {
  const [first, second] = (await meet(2)) as [Terminal, Terminal]
  second.type('2')
  await waitFor(() => second.shown === 'It is not your turn.', 'it is refused')
  first.type('4')
  await waitFor(() => first.shown === 'Take 1 to 3.', 'it is refused')
  first.type('3')
  await waitFor(() => second.shown.includes('| 18: you take 1 to 3'), 'it is the turn of the other')
  for (const left of [15, 12, 9, 6, 3]) await move([first, second], left, 3)
  first.type('3')
  expect(await Promise.all([first.ended(), second.ended()])).toEqual([0, 0])
  expect([first.shown, second.shown]).toEqual(['0: you have won.', `0: player ${first.id} has won.`])
})

test('the host is killed, and the others play on', async () => {
  const [host, next, last] = (await meet(3)) as [Terminal, Terminal, Terminal]
  await move([host, next, last], 20, 1)
  // Its move has to wait until there is a host again.
  const ended = host.end('SIGKILL')
  next.type('2')
  await ended
  const isMoved = (): boolean => next.shown.includes('| 18: ') && last.shown.includes('| 18: you take')
  // Whoever has nothing to say to the dead notices after 30 s.
  await waitFor(isMoved, 'they play on').catch(() => waitFor(isMoved, 'they play on'))
  expect(last.shown).toBe(`${'|'.repeat(18)} 18: you take 1 to 3 (playing: you, player ${next.id}).`)
  expect(await next.end('SIGINT')).toBe(0)
  await waitFor(() => last.shown.endsWith('you have won.'), 'the last one has won')
  expect(await last.ended()).toBe(0)
}, 120_000)
