import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import type { FromRoom, ToRoom } from '../../examples/browser-cursors/src/room-messages.ts'
import { ExampleServer } from './support/example-server.ts'

const STARTING = 60_000
const MAX_MEMBERS = 16
const DESCRIPTION = { is: 'description', type: 'offer', sdp: 'v=0' } as const

/** Somebody in the room, with nothing behind. */
class Guest {
  readonly socket: WebSocket
  /** The code with which the connection was closed. */
  readonly closed: Promise<number>
  readonly #heard: FromRoom[] = []

  constructor(url: string, origin?: string) {
    this.socket = new WebSocket(url, origin === undefined ? {} : { origin })
    this.closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.on('error', () => undefined)
    this.socket.on('message', (data: Buffer) => this.#heard.push(JSON.parse(data.toString()) as FromRoom))
  }

  async welcome(): Promise<FromRoom & { is: 'welcome' }> {
    if (this.#heard.length === 0) await once(this.socket, 'message')
    const [first] = this.#heard
    if (first?.is !== 'welcome') throw new Error('The first message is no welcome.')
    return first
  }

  /** Waits until it has heard this, among whatever else. */
  async hears(message: FromRoom): Promise<void> {
    while (!this.#heard.some((heard) => isDeepStrictEqual(heard, message))) await once(this.socket, 'message')
  }

  send(message: ToRoom): void {
    this.socket.send(JSON.stringify(message))
  }
}

describe('the room of the example browser-cursors', () => {
  let server: ExampleServer
  let url: string
  const guests: Guest[] = []
  beforeAll(async () => {
    server = await ExampleServer.start('examples/browser-cursors/server/start.mjs')
    url = `${server.url.replace('http', 'ws')}room`
  }, STARTING)
  afterEach(async () => {
    for (const guest of guests.splice(0)) {
      guest.socket.terminate()
      await guest.closed
    }
  })
  afterAll(async () => {
    expect(await server.end('SIGTERM')).toBe(0)
  })

  const enter = (origin?: string): Guest => {
    const guest = new Guest(url, origin)
    guests.push(guest)
    return guest
  }

  test('a newcomer hears who is there, the others hear of the newcomer, and that it left', async () => {
    const first = enter()
    const { id: firstId } = await first.welcome()
    const second = enter()
    const { id: secondId, others } = await second.welcome()
    expect(others).toContain(firstId)
    await first.hears({ is: 'joined', id: secondId })
    second.socket.close()
    await first.hears({ is: 'left', id: secondId })
  })

  test('carries signals, and says from whom they are', async () => {
    const [from, to] = [enter(), enter()]
    const { id: fromId } = await from.welcome()
    const { id: toId } = await to.welcome()
    from.send({ to: toId, signal: DESCRIPTION })
    await to.hears({ is: 'signal', from: fromId, signal: DESCRIPTION })
  })

  test('a signal to nobody goes nowhere', async () => {
    const guest = enter()
    const { id } = await guest.welcome()
    guest.send({ to: id + 1, signal: DESCRIPTION })
    guest.send({ to: id, signal: DESCRIPTION })
    await guest.hears({ is: 'signal', from: id, signal: DESCRIPTION })
  })

  test.each([
    ['nonsense', 'nonsense', 1008],
    ['binary', Uint8Array.of(1, 2, 3), 1008],
    ['too large', 'x'.repeat(100_000), 1009],
  ])('whoever sends something %s is put out', async (_, data, code) => {
    const guest = enter()
    await guest.welcome()
    guest.socket.send(data)
    expect(await guest.closed).toBe(code)
  })

  test('whoever sends without end is put out', async () => {
    const guest = enter()
    const { id } = await guest.welcome()
    for (let count = 0; count < 1000; count++) guest.send({ to: id, signal: DESCRIPTION })
    expect(await guest.closed).toBe(1008)
  })

  test('no more come in than a page can bear', async () => {
    const bot = 1
    for (let count = bot; count < MAX_MEMBERS; count++) await enter().welcome()
    expect(await enter().closed).toBe(1013)
  })

  test('pages of other sites are not let in', async () => {
    const guest = enter('http://elsewhere.example')
    const [error] = (await once(guest.socket, 'error')) as [Error]
    expect(error.message).toContain('403')
    const own = enter(server.url.replace(/\/$/, ''))
    await own.welcome()
  })
})
