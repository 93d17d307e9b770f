import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type JoinedLobby, joinLobby } from '../../src/lobby.ts'
import { createLobbyServer, type LobbyServer } from '../../src/lobby-server.ts'
import { waitFor } from '../support/real-time.ts'
import { bundleChild, removeBundles } from '../support/run-child.ts'

/** `webrtc-multiplayer join` in a process of its own. */
class Join {
  output = ''
  errors = ''
  readonly #process: ChildProcessWithoutNullStreams
  readonly #exited: Promise<unknown[]>

  constructor(...args: readonly string[]) {
    this.#process = spawn(process.execPath, [program, 'join', ...args])
    this.#process.stdout.on('data', (data: Buffer) => (this.output += data.toString()))
    this.#process.stderr.on('data', (data: Buffer) => (this.errors += data.toString()))
    this.#exited = once(this.#process, 'close')
    started.push(this)
  }

  type(text: string): void {
    this.#process.stdin.write(text)
  }

  endInput(): void {
    this.#process.stdin.end()
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  async ended(): Promise<number | null> {
    return (await this.#exited)[0] as number | null
  }
}

const started: Join[] = []
let program = ''
let server: LobbyServer
let host: JoinedLobby
const heard: string[] = []

beforeAll(async () => {
  program = await bundleChild('src/cli/main.ts')
  server = await createLobbyServer({ port: 0, host: '127.0.0.1' })
  host = await joinLobby(server.url)
  host.peer.packets$.subscribe(({ data }) => heard.push(new TextDecoder().decode(data)))
})
afterEach(() => {
  for (const join of started.splice(0)) join.signal('SIGKILL')
  heard.length = 0
})
afterAll(async () => {
  await host.leave()
  await server.close()
  await removeBundles()
})

const nobodyElse = (): boolean => host.members.length === 0

describe('webrtc-multiplayer join', () => {
  test('shows who is there and what they say, sends lines, and leaves with Ctrl-C', async () => {
    const join = new Join(server.url, host.lobby)
    await waitFor(() => join.errors.includes('Peer 1 is here.'), 'it is connected')
    expect(join.errors).toMatch(new RegExp(`^In lobby ${host.lobby} as peer \\d+\\.\n`))
    host.peer.send(new TextEncoder().encode('hello'))
    host.peer.send(Uint8Array.of(0xff, 0, 1))
    await waitFor(() => join.output === '1: hello\n1: (3 bytes)\n', 'it shows what it hears')
    join.type('one\n\ntwo\n')
    await waitFor(() => heard.length === 2, 'its lines arrive')
    expect(heard).toEqual(['one', 'two'])
    join.signal('SIGINT')
    expect(await join.ended()).toBe(0)
    await waitFor(nobodyElse, 'it has left')
  })

  test('what is piped into it is sent once it is connected, all of it, before it leaves', async () => {
    const join = new Join(server.url, host.lobby)
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index} ${'x'.repeat(100)}`)
    join.type(lines.join('\n'))
    join.endInput()
    expect(await join.ended()).toBe(0)
    await waitFor(() => heard.length === lines.length, 'everything arrives')
    expect(heard).toEqual(lines)
  })

  test('--json prints events as lines', async () => {
    const join = new Join(server.url, host.lobby, '--json')
    await waitFor(() => join.output.includes('peer-connected'), 'it is connected')
    host.peer.send(new TextEncoder().encode('hi'))
    await waitFor(() => join.output.includes('packet'), 'it hears')
    join.endInput()
    expect(await join.ended()).toBe(0)
    const events = join.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(events[0]).toEqual({ event: 'joined', id: expect.any(Number), lobby: host.lobby, mode: 'mesh' })
    expect(events).toContainEqual({ event: 'peer-connected', peer: 1 })
    expect(events).toContainEqual({ event: 'packet', peer: 1, text: 'hi', bytes: 2 })
    expect(join.errors).toBe('')
  })

  test('without a lobby it makes one, which another joins by name', async () => {
    const maker = new Join(server.url)
    await waitFor(() => /^In lobby \w{16} as peer 1\./.test(maker.errors), 'the lobby is made')
    const name = /lobby (\w+)/.exec(maker.errors)?.[1] ?? ''
    const other = new Join(server.url, name)
    await waitFor(() => other.errors.includes('Peer 1 is here.'), 'the other is connected')
    for (const join of [maker, other]) {
      join.signal('SIGTERM')
      expect(await join.ended()).toBe(0)
    }
  })

  test('a lobby that is not there, and a server that is not there, are one line and exit code 1', async () => {
    const noLobby = new Join(server.url, 'nowhere')
    const noServer = new Join('ws://127.0.0.1:1', 'nowhere')
    for (const join of [noLobby, noServer]) {
      expect(await join.ended()).toBe(1)
      expect(join.errors).toMatch(/^webrtc-multiplayer: .+\n$/)
    }
    expect(noLobby.errors).toMatch(/does not exist|no lobby/i)
  })
})
