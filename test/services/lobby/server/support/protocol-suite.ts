import { afterEach, describe, expect, test } from '@jest/globals'
import type { LobbyLimits } from '../../../../../src/services/lobby/server/limits.ts'
import type { RawClient } from './raw-client.ts'
import { JSON_WIRE, type Wire } from './wire.ts'

/** A server to be driven from outside. */
export interface ProtocolWorld {
  connect(dialect: 'json' | 'text'): Promise<RawClient>
  /** Lets time pass, where it has to be made to. */
  pass(milliseconds: number): Promise<void>
  close(): Promise<void>
}

export type OpenProtocolWorld = (limits?: Partial<LobbyLimits>) => Promise<ProtocolWorld>

const SDP = 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns="ü€😀\\\r\n'
const CANDIDATE = '\n0\n0\ncandidate:1 1 UDP 2122317823 192.0.2.7 50000 typ host'

/** Every row of the demo's protocol, in one of its two dialects, message by message. */
export function protocolSuite(wire: Wire, open: OpenProtocolWorld): void {
  let world: ProtocolWorld
  afterEach(() => world.close())

  const start = async (limits?: Partial<LobbyLimits>): Promise<void> => {
    world = await open(limits)
  }
  const connect = (): Promise<RawClient> => world.connect(wire.dialect)

  /** Creates a lobby. */
  const host = async (): Promise<{ socket: RawClient; lobby: string }> => {
    const socket = await connect()
    socket.send(wire.join(''))
    const [id, joined = ''] = await socket.take(2)
    expect(id).toBe(wire.id(1))
    const { kind, data: lobby } = wire.parse(joined)
    expect(kind).toBe('J')
    return { socket, lobby }
  }

  /** Joins a lobby with these members, who hear of it. */
  const join = async (
    lobby: string,
    others: readonly { socket: RawClient; id: number }[],
  ): Promise<{ socket: RawClient; id: number }> => {
    const socket = await connect()
    socket.send(wire.join(lobby))
    const messages = await socket.take(2 + others.length)
    const { id } = wire.parse(messages[0] ?? '')
    expect(messages).toEqual([wire.id(id), ...others.map((other) => wire.connected(other.id)), wire.joined(lobby)])
    for (const other of others) expect(await other.socket.take(1)).toEqual([wire.connected(id)])
    return { socket, id }
  }

  const trio = async () => {
    const { socket, lobby } = await host()
    const first = { socket, id: 1 }
    const second = await join(lobby, [first])
    const third = await join(lobby, [first, second])
    return { lobby, first, second, third }
  }

  describe('joining', () => {
    test('the creator is 1; ID comes first, JOIN last, the others in the order in which they joined', async () => {
      await start()
      const { second, third } = await trio()
      for (const { id } of [second, third]) {
        expect(Number.isInteger(id) && id >= 2 && id <= 2_147_483_647).toBe(true)
      }
      expect(third.id).not.toBe(second.id)
    })

    test("a lobby's name is 16 letters and digits, another one each time", async () => {
      await start()
      const names = [(await host()).lobby, (await host()).lobby]
      for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9]{16}$/)
      expect(names[0]).not.toBe(names[1])
    })

    test('lobbies hear nothing of each other', async () => {
      await start()
      const one = await host()
      const two = await host()
      const guest = await join(two.lobby, [{ socket: two.socket, id: 1 }])
      guest.socket.send(wire.offer(1, SDP))
      expect(await two.socket.take(1)).toEqual([wire.offer(guest.id, SDP)])
      expect(one.socket.rest).toEqual([])
    })
  })

  describe('relaying', () => {
    const signals = ['offer', 'answer', 'candidate'] as const
    test.each(signals)('%s: to the host as 1, from the host as 1, and between others', async (type) => {
      await start()
      const { first, second, third } = await trio()
      const data = type === 'candidate' ? CANDIDATE : SDP
      for (const [from, to] of [
        [second, first],
        [first, third],
        [second, third],
      ] as const) {
        from.socket.send(wire[type](to.id, data))
        expect(await to.socket.take(1)).toEqual([wire[type](from.id, data)])
      }
    })

    test('messages of a pair keep their order', async () => {
      await start()
      const { first, second } = await trio()
      const sent = Array.from({ length: 100 }, (_, index) => String(index))
      for (const data of sent) first.socket.send(wire.candidate(second.id, data))
      expect(await second.socket.take(100)).toEqual(sent.map((data) => wire.candidate(1, data)))
    })

    test('to one that has just left it is no fault: it goes nowhere', async () => {
      await start()
      const { first, second, third } = await trio()
      third.socket.end()
      expect(await second.socket.take(1)).toEqual([wire.disconnected(third.id)])
      second.socket.send(wire.offer(third.id, SDP))
      second.socket.send(wire.offer(1, 'after it'))
      expect(await first.socket.take(2)).toEqual([wire.disconnected(third.id), wire.offer(second.id, 'after it')])
    })

    test.each([
      ['nobody', () => 7],
      ['0', () => 0],
      ['itself', (own: number) => own],
    ])('to %s: 4000 Invalid destination, and the others hear that it left', async (_whom, destination) => {
      await start()
      const { first, second } = await trio()
      second.socket.send(wire.offer(destination(second.id), SDP))
      expect(await second.socket.closed()).toEqual({ code: 4000, reason: 'Invalid destination' })
      expect(await first.socket.take(1)).toEqual([wire.disconnected(second.id)])
    })
  })

  describe('sealing', () => {
    test('all hear SEAL; nobody joins any more; the sockets are closed after the time for it', async () => {
      await start({ sealTime: 300 })
      const { lobby, first, second, third } = await trio()
      first.socket.send(wire.seal)
      for (const { socket } of [first, second, third]) expect(await socket.take(1)).toEqual([wire.sealed])
      const late = await connect()
      late.send(wire.join(lobby))
      expect(await late.closed()).toEqual({ code: 4000, reason: 'Lobby is sealed' })
      second.socket.send(wire.offer(third.id, SDP))
      expect(await third.socket.take(1)).toEqual([wire.offer(second.id, SDP)])
      await world.pass(300)
      for (const { socket } of [first, second, third]) {
        expect(await socket.closed()).toEqual({ code: 1000, reason: 'Seal complete' })
        expect(socket.rest).toEqual([])
      }
      const later = await connect()
      later.send(wire.join(lobby))
      expect(await later.closed()).toEqual({ code: 4000, reason: 'Lobby does not exists' })
    })

    test('by another than the host: 4000 Only host can seal the lobby', async () => {
      await start()
      const { second } = await trio()
      second.socket.send(wire.seal)
      expect(await second.socket.closed()).toEqual({ code: 4000, reason: 'Only host can seal the lobby' })
    })
  })

  describe('leaving', () => {
    test('of another than the host: the rest hear of it', async () => {
      await start()
      const { first, second, third } = await trio()
      second.socket.end(1006)
      expect(await first.socket.take(1)).toEqual([wire.disconnected(second.id)])
      expect(await third.socket.take(1)).toEqual([wire.disconnected(second.id)])
    })

    test('of the host: all are closed, and the lobby is gone', async () => {
      await start()
      const { lobby, first, second, third } = await trio()
      first.socket.end()
      for (const { socket } of [second, third]) {
        expect(await socket.closed()).toEqual({ code: 4000, reason: 'Room host has disconnected' })
        expect(socket.rest).toEqual([])
      }
      const late = await connect()
      late.send(wire.join(lobby))
      expect(await late.closed()).toEqual({ code: 4000, reason: 'Lobby does not exists' })
    })
  })

  describe('closes', () => {
    test('1 s without a lobby: Have not joined lobby yet', async () => {
      await start()
      const socket = await connect()
      await world.pass(1000)
      expect(await socket.closed()).toEqual({ code: 4000, reason: 'Have not joined lobby yet' })
      expect(socket.rest).toEqual([])
    })

    test.each([
      ['an unknown lobby', () => wire.join('nobodyMadeThis16'), 'Lobby does not exists'],
      ['a name that no lobby can have', () => wire.join('no such lobby!'), 'Lobby does not exists'],
      ['a signal before joining', () => wire.offer(1, SDP), 'Invalid message when not in a lobby'],
      ['SEAL before joining', () => wire.seal, 'Invalid message when not in a lobby'],
      ['no message at all', () => '', 'Invalid message format'],
    ])('%s', async (_what, message, reason) => {
      await start()
      const socket = await connect()
      socket.send(message())
      expect(await socket.closed()).toEqual({ code: 4000, reason })
      expect(socket.rest).toEqual([])
    })

    test('a binary message: Invalid transfer mode, must be text', async () => {
      await start()
      const socket = await connect()
      socket.send(new TextEncoder().encode(wire.join('')))
      expect(await socket.closed()).toEqual({ code: 4000, reason: 'Invalid transfer mode, must be text' })
    })

    test.each([
      ['creating', (): string => ''],
      ['joining by name', (lobby: string): string => lobby],
    ])('%s while in a lobby: Already in a lobby', async (_how, name) => {
      await start()
      const { socket, lobby } = await host()
      socket.send(wire.join(name(lobby)))
      expect(await socket.closed()).toEqual({ code: 4000, reason: 'Already in a lobby' })
    })

    test('one lobby too many: Too many lobbies open, disconnecting', async () => {
      await start({ lobbies: 1 })
      await host()
      const socket = await connect()
      socket.send(wire.join(''))
      expect(await socket.closed()).toEqual({ code: 4000, reason: 'Too many lobbies open, disconnecting' })
    })

    test('one socket too many: Too many peers connected', async () => {
      await start({ sockets: 1 })
      await host()
      const socket = await connect()
      expect(await socket.closed()).toEqual({ code: 4000, reason: 'Too many peers connected' })
    })

    test('one member too many: Lobby is full', async () => {
      await start({ members: 2 })
      const { socket, lobby } = await host()
      await join(lobby, [{ socket, id: 1 }])
      const late = await connect()
      late.send(wire.join(lobby))
      expect(await late.closed()).toEqual({ code: 4000, reason: 'Lobby is full' })
    })

    test('a message too big: 1009', async () => {
      await start({ messageSize: 1000 })
      const { socket } = await host()
      socket.send(wire.offer(1, 'x'.repeat(1000)))
      expect((await socket.closed()).code).toBe(1009)
    })
  })
}

const message = (type: unknown, id: unknown, data: unknown): string => JSON.stringify({ type, id, data })

/** What only the JSON dialect has: client/server lobbies, and the demo's way to read JSON. */
export function jsonSuite(open: OpenProtocolWorld): void {
  let world: ProtocolWorld
  afterEach(() => world.close())

  describe('client/server lobbies', () => {
    const clientServer = async () => {
      world = await open()
      const host = await world.connect('json')
      host.send(message(0, 1, ''))
      const [id, joined = ''] = await host.take(2)
      expect(id).toBe(message(1, 1, ''))
      const lobby = JSON_WIRE.parse(joined).data
      const clients: { socket: RawClient; id: number }[] = []
      for (let client = 0; client < 2; client++) {
        const socket = await world.connect('json')
        // The mode is the lobby's, whatever a joiner says.
        socket.send(message(0, client, lobby))
        const messages = await socket.take(3)
        const { id: own } = JSON_WIRE.parse(messages[0] ?? '')
        expect(messages).toEqual([message(1, own, ''), message(2, 1, ''), message(0, 0, lobby)])
        expect(await host.take(1)).toEqual([message(2, own, '')])
        clients.push({ socket, id: own })
      }
      return { host, one: clients[0] as (typeof clients)[0], two: clients[1] as (typeof clients)[0] }
    }

    test('only pairs with the host hear of each other coming and going', async () => {
      const { host, one, two } = await clientServer()
      two.socket.end()
      expect(await host.take(1)).toEqual([message(3, two.id, '')])
      host.send(message(4, one.id, 'after it'))
      expect(await one.socket.take(1)).toEqual([message(4, 1, 'after it')])
    })

    test('from client to client: Invalid destination', async () => {
      const { host, one, two } = await clientServer()
      one.socket.send(message(4, two.id, ''))
      expect(await one.socket.closed()).toEqual({ code: 4000, reason: 'Invalid destination' })
      expect(await host.take(1)).toEqual([message(3, one.id, '')])
      expect(two.socket.rest).toEqual([])
    })
  })

  describe('reading', () => {
    const WRONG = { code: 4000, reason: 'Invalid message format' }
    test.each([
      ['no JSON', 'hello'],
      ['null', 'null'],
      ['a number', '5'],
      ['a text', '"JOIN"'],
      ['an array', '[0,0,""]'],
      ['an empty object', '{}'],
      ['no type', '{"id":0,"data":""}'],
      ['no id', '{"type":0,"data":""}'],
      ['type as text', message('0', 0, '')],
      ['id as text', message(0, '0', '')],
      ['type null', message(null, 0, '')],
      ['type negative', message(-1, 0, '')],
      ['id negative', message(0, -1, '')],
      ['id rounded down below 0', message(0, -0.5, '')],
      ['type beyond all numbers', '{"type":1e999,"id":0,"data":""}'],
    ])('%s: Invalid message format', async (_what, text) => {
      world = await open()
      const socket = await world.connect('json')
      socket.send(text)
      expect(await socket.closed()).toEqual(WRONG)
    })

    test.each([
      ['numbers with fractions are rounded down', '{"type":0.9,"id":0.9,"data":""}'],
      ['data that is no text is empty', '{"type":0,"id":0,"data":5}'],
      ['data may be missing', '{"type":0,"id":0}'],
      ['further members do not matter, nor the order', ' {"data":"","more":[],"id":0,"type":0} '],
    ])('%s', async (_what, text) => {
      world = await open()
      const socket = await world.connect('json')
      socket.send(text)
      expect((await socket.take(2))[0]).toBe(message(1, 1, 'true'))
    })

    test.each([
      ['an unknown type', 8],
      ['the answer to JOIN', 1],
      ['a type of the extended protocol', 24],
    ])('%s: Invalid command to a member, but Invalid destination first', async (_what, type) => {
      world = await open()
      const host = await world.connect('json')
      host.send(message(0, 0, ''))
      const lobby = JSON_WIRE.parse((await host.take(2))[1] ?? '').data
      const reasons: string[] = []
      for (const destination of [1, 99]) {
        const socket = await world.connect('json')
        socket.send(message(0, 0, lobby))
        await socket.take(3)
        socket.send(message(type, destination, ''))
        reasons.push((await socket.closed()).reason)
      }
      expect(reasons).toEqual(['Invalid command', 'Invalid destination'])
    })
  })
}

/** What only the text dialect has. */
export function textSuite(open: OpenProtocolWorld): void {
  let world: ProtocolWorld
  afterEach(() => world.close())

  describe('reading', () => {
    test.each([
      ['no line break', 'J: '],
      ['a first line too short', 'J:\n'],
      ['no colon and space', 'JOIN\n'],
      ['an empty first line', '\nJ: '],
    ])('%s: Invalid message format', async (_what, text) => {
      world = await open()
      const socket = await world.connect('text')
      socket.send(text)
      expect(await socket.closed()).toEqual({ code: 4000, reason: 'Invalid message format' })
    })

    test("a lobby's name is trimmed, and what follows the first line does not matter", async () => {
      world = await open()
      const host = await world.connect('text')
      host.send('J:  \r\nwhatever')
      const [id, joined = ''] = await host.take(2)
      expect(id).toBe('I: 1\n')
      const guest = await world.connect('text')
      guest.send(`J:  ${joined.slice(3, -1)} \n`)
      expect((await guest.take(3)).slice(1)).toEqual(['N: 1\n', joined])
    })

    test.each([
      ['no number', 'O: host\nsdp', 'Invalid destination'],
      ['empty', 'O: \nsdp', 'Invalid destination'],
      ['an unknown letter', 'X: 1\n', 'Invalid command'],
    ])('%s as destination or command', async (_what, text, reason) => {
      world = await open()
      const host = await world.connect('text')
      host.send('J: \n')
      const [, joined = ''] = await host.take(2)
      const guest = await world.connect('text')
      guest.send(joined)
      await guest.take(3)
      guest.send(text)
      expect(await guest.closed()).toEqual({ code: 4000, reason })
    })
  })

  test('a lobby may have members of both dialects', async () => {
    world = await open()
    const old = await world.connect('text')
    old.send('J: \n')
    const [, joined = ''] = await old.take(2)
    const lobby = joined.slice(3, -1)
    const young = await world.connect('json')
    young.send(message(0, 0, lobby))
    const { id } = JSON_WIRE.parse((await young.take(3))[0] ?? '')
    expect(await old.take(1)).toEqual([`N: ${id}\n`])
    young.send(message(6, 1, CANDIDATE))
    expect(await old.take(1)).toEqual([`C: ${id}\n${CANDIDATE}`])
    old.send(`O: ${id}\n${SDP}`)
    expect(await young.take(1)).toEqual([message(4, 1, SDP)])
  })
}
