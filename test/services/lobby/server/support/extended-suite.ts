import { afterEach, describe, expect, test } from '@jest/globals'
import {
  enter,
  type ExtendedWorld,
  type ExtendedWorldOptions,
  gather,
  greet,
  type OpenExtendedWorld,
} from './extended-world.ts'

type Code = string

/** An ERROR that does not end the socket. */
const refusal = (code: Code, more: object = {}) => expect.objectContaining({ code, closing: false, ...more })
/** An ERROR before the end. */
const end = (code: Code, more: object = {}) => expect.objectContaining({ code, closing: true, ...more })

const TURN = { secret: 's', urls: ['stun:turn.example', 'turn:turn.example'], ttl: 60_000 }

/** Every message of the extended protocol. */
export function extendedSuite(open: OpenExtendedWorld): void {
  let world: ExtendedWorld
  afterEach(() => world.close())

  const start = async (options?: ExtendedWorldOptions): Promise<void> => {
    world = await open(options)
  }

  describe('WELCOME', () => {
    test('comes first, with the heartbeat and the largest message', async () => {
      await start({ limits: { heartbeat: 5000, messageSize: 30_000 } })
      const client = await world.connect()
      expect(await client.take(1)).toEqual([
        '{"type":17,"id":0,"data":"{\\"version\\":1,\\"heartbeat\\":5000,\\"maxMessageSize\\":30000}"}',
      ])
    })

    test('with TURN: tells nothing of it to who has joined nothing, but for what needs no credentials', async () => {
      await start({ turn: TURN })
      const client = await world.connect({ grant: { identity: 'ann' } })
      expect((await client.take(1))[0]).not.toContain('iceServers')
      client.send('{"type":26,"id":0,"data":""}')
      const servers = JSON.stringify({ iceServers: [{ urls: ['stun:turn.example'] }] })
      expect(await client.take(1)).toEqual([JSON.stringify({ type: 26, id: 0, data: servers })])
    })

    test('without TURN, ICE_SERVERS gives none', async () => {
      await start()
      const client = await greet(world)
      client.say('ICE_SERVERS', 0)
      expect(await client.hear(1)).toEqual([['ICE_SERVERS', 0, { iceServers: [] }]])
    })
  })

  describe('ICE_SERVERS', () => {
    const of = (name: string) => [
      'ICE_SERVERS',
      0,
      {
        iceServers: [
          { urls: ['stun:turn.example'] },
          {
            urls: ['turn:turn.example'],
            username: expect.stringMatching(new RegExp(`^\\d{10}:${name}$`)) as unknown,
            credential: expect.any(String) as unknown,
          },
        ],
        expiresIn: 60_000,
      },
    ]

    test('come with the join, before there is anybody to connect to, and again when asked for', async () => {
      await start({ turn: TURN })
      const host = await greet(world, { grant: { identity: 'ann' } })
      host.say('CREATE', 0, { mode: 'mesh', name: 'hall' })
      const [servers, ...others] = await host.hear(4)
      expect([servers, others.map(([name]) => name)]).toEqual([of('ann'), ['ID', 'JOIN', 'TOKEN']])
      host.say('ICE_SERVERS', 0)
      expect(await host.hear(1)).toEqual([of('ann')])
      const guest = await greet(world, { grant: { identity: 'bob' } })
      guest.say('JOIN', 0, 'hall')
      const heard = await guest.hear(5)
      expect(heard[0]).toEqual(of('bob'))
      expect(heard.map(([name]) => name)).toEqual(['ICE_SERVERS', 'ID', 'PEER_CONNECT', 'JOIN', 'TOKEN'])
    })

    test.each([0, 1])('come before RESUME too, at server %i', async (server) => {
      await start({ turn: TURN, servers: 2 })
      const host = await greet(world)
      host.say('JOIN', 0, '')
      const { token } = (await host.hear(4))[3]?.[2] as { token: string }
      host.raw.end(1006)
      await world.until(() => world.stats().lostMembers === 1, 'it is lost')
      const again = await greet(world, { server, grant: { identity: 'ann' } })
      again.say('RESUME', 0, token)
      const heard = await again.hear(2)
      expect([heard[0], heard[1]?.[0]]).toEqual([of('ann'), 'RESUME'])
    })

    test('are nothing to clients of the demo', async () => {
      await start({ turn: TURN })
      const plain = await world.connectPlain()
      plain.send('{"type":0,"id":0,"data":""}')
      expect((await plain.take(2)).map((text) => (JSON.parse(text) as { type: number }).type)).toEqual([1, 0])
    })
  })

  describe('CREATE', () => {
    test('is answered as JOIN is, then TOKEN, then METADATA', async () => {
      await start({ limits: { graceTime: 7000 } })
      const client = await greet(world)
      client.say('CREATE', 0, { mode: 'client-server', name: 'The.Red_Room-1', metadata: 'chess' })
      expect(await client.hear(4)).toEqual([
        ['ID', 1, ''],
        ['JOIN', 0, 'The.Red_Room-1'],
        ['TOKEN', 0, { token: expect.stringMatching(/^[\w-]{22}\.1\.The\.Red_Room-1$/) as unknown, graceTime: 7000 }],
        ['METADATA', 0, 'chess'],
      ])
    })

    test('makes a random name if there is none', async () => {
      await start()
      const [host] = await gather(world, 1)
      expect(host?.lobby).toMatch(/^[a-zA-Z0-9]{16}$/)
    })

    test('of a name that is taken: lobby-exists, and the client may do otherwise; orJoin joins', async () => {
      await start()
      const [host] = await gather(world, 1, { create: { mode: 'mesh', name: 'hall' } })
      if (host === undefined) throw new Error('no host')
      const client = await greet(world)
      client.say('CREATE', 0, { mode: 'mesh', name: 'hall' })
      expect(await client.hear(1)).toEqual([['ERROR', 0, refusal('lobby-exists')]])
      const guest = await enter(client, (it) => it.say('CREATE', 0, { mode: 'mesh', name: 'hall', orJoin: true }), [
        host,
      ])
      expect([guest.id === 1, guest.lobby]).toEqual([false, 'hall'])
    })

    test('with orJoin creates what is not there', async () => {
      await start()
      const [host] = await gather(world, 1, { create: { mode: 'mesh', name: 'hall', orJoin: true } })
      expect([host?.id, host?.lobby]).toEqual([1, 'hall'])
    })

    test('with maxMembers: lobby-full for who comes too late', async () => {
      await start()
      const [host] = await gather(world, 2, { create: { mode: 'mesh', maxMembers: 2 } })
      const client = await greet(world)
      client.say('JOIN', 0, host?.lobby)
      expect(await client.hear(1)).toEqual([['ERROR', 0, refusal('lobby-full')]])
    })

    test.each([
      ['no JSON', 'mesh'],
      ['an array', []],
      ['no mode', {}],
      ['an unknown mode', { mode: 'ring' }],
      ['an empty name', { mode: 'mesh', name: '' }],
      ['a name with a space', { mode: 'mesh', name: 'red room' }],
      ['a name of 65 characters', { mode: 'mesh', name: 'x'.repeat(65) }],
      ['a name that is no text', { mode: 'mesh', name: 5 }],
      ['orJoin without a name', { mode: 'mesh', orJoin: true }],
      ['orJoin that is neither true nor false', { mode: 'mesh', name: 'x', orJoin: 1 }],
      ['listed that is neither true nor false', { mode: 'mesh', listed: 'yes' }],
      ['maxMembers 0', { mode: 'mesh', maxMembers: 0 }],
      ['maxMembers with a fraction', { mode: 'mesh', maxMembers: 2.5 }],
      ['an unknown onHostLeave', { mode: 'mesh', onHostLeave: 'vote' }],
      ['onHostLeave keep without a mesh', { mode: 'client-server', onHostLeave: 'keep' }],
      ['metadata that is no text', { mode: 'mesh', metadata: {} }],
      ['metadata of 4097 characters', { mode: 'mesh', metadata: 'x'.repeat(4097) }],
      ['metadata of more than 8192 bytes in JSON', { mode: 'mesh', metadata: '\u0001'.repeat(1366) }],
    ])('with %s: invalid-message', async (_what, data) => {
      await start()
      const client = await greet(world)
      client.say('CREATE', 0, data)
      expect(await client.hear(1)).toEqual([
        ['ERROR', 0, end('invalid-message', { message: expect.stringMatching(/^CREATE: /) as unknown })],
      ])
      expect(await client.closed()).toEqual({ code: 4000, reason: 'Invalid message format' })
    })
  })

  describe('LIST', () => {
    test('shows the lobbies that are listed, neither sealed nor full', async () => {
      await start()
      const list = { mode: 'mesh', listed: true }
      await gather(world, 1, { create: { ...list, name: 'open', metadata: 'm', maxMembers: 3 } })
      await gather(world, 2, { create: { ...list, name: 'full', maxMembers: 2 } })
      await gather(world, 1, { create: { mode: 'mesh', name: 'secret' } })
      const [host] = await gather(world, 1, { create: { ...list, name: 'sealed' } })
      host?.say('SEAL', 0)
      await host?.hearOne('SEAL')
      const client = await greet(world)
      client.say('LIST', 0)
      expect(await client.hear(1)).toEqual([
        ['LIST', 0, [{ name: 'open', mode: 'mesh', members: 1, maxMembers: 3, metadata: 'm' }]],
      ])
    })

    test('shows no more than asked for', async () => {
      await start()
      for (const name of ['a', 'b', 'c']) await gather(world, 1, { create: { mode: 'mesh', listed: true, name } })
      const client = await greet(world)
      client.say('LIST', 0, { limit: 2 })
      const { data } = await client.hearOne('LIST')
      expect(data).toHaveLength(2)
    })

    test('holds no more than 256 KiB, so that nobody can make it one that clients refuse', async () => {
      // Quotes take four bytes each in the message, more than anything else that may be in metadata does for its size.
      const metadata = '"'.repeat(4095)
      const count = 20
      await start()
      for (let number = 0; number < count; number++) {
        await gather(world, 1, { create: { mode: 'mesh', listed: true } })
      }
      for (let number = 0; number < count; number++) {
        const client = await greet(world)
        client.say('CREATE', 0, { mode: 'mesh', listed: true, metadata })
        await client.hear(4)
      }
      const client = await world.connect()
      await client.take(1)
      client.send('{"type":19,"id":0,"data":""}')
      const [text = ''] = await client.take(1)
      const { data } = JSON.parse(text) as { data: string }
      const listed = JSON.parse(data) as unknown[]
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256 * 1024 + 100)
      expect(listed.length).toBeGreaterThan(count + 10)
      expect(listed.length).toBeLessThan(2 * count)
    })

    test.each([[{ limit: 0 }], [{ limit: 'all' }], ['all'], [[]]])('with %j: invalid-message', async (query) => {
      await start()
      const client = await greet(world)
      client.say('LIST', 0, query)
      expect(await client.hear(1)).toEqual([['ERROR', 0, end('invalid-message')]])
      expect((await client.closed()).code).toBe(4000)
    })

    test('too often: rate-limited with the time to wait, and the socket stays', async () => {
      await start()
      const client = await greet(world)
      for (let times = 0; times < 11; times++) client.say('LIST', 0)
      const heard = await client.hear(11)
      expect(heard.slice(0, 10).every(([name]) => name === 'LIST')).toBe(true)
      const [, , error] = heard[10] ?? []
      expect(error).toEqual(refusal('rate-limited'))
      const { retryAfter } = error as { retryAfter: number }
      expect(retryAfter > 0 && retryAfter <= 1000).toBe(true)
      client.say('PING', 0, 'still there')
      expect(await client.hear(1)).toEqual([['PONG', 0, 'still there']])
    })
  })

  describe('METADATA', () => {
    test('of the host reaches all extended members, and those who join later', async () => {
      await start()
      const [host, guest] = await gather(world, 2)
      const plain = await world.connectPlain()
      plain.send(JSON.stringify({ type: 0, id: 0, data: host?.lobby }))
      const [, plainId] = JSON.stringify(await plain.take(4)).match(/id\\":(\d+)/) ?? []
      for (const member of [host, guest]) await member?.hearOne('PEER_CONNECT')
      host?.say('METADATA', 0, 'level 2')
      for (const member of [host, guest]) expect(await member?.hear(1)).toEqual([['METADATA', 0, 'level 2']])
      host?.say('OFFER', Number(plainId), 'after it')
      expect(await plain.take(1)).toEqual(['{"type":4,"id":1,"data":"after it"}'])
      const late = await greet(world)
      late.say('JOIN', 0, host?.lobby)
      expect((await late.hear(7)).at(-1)).toEqual(['METADATA', 0, 'level 2'])
    })

    test('of another: not-host', async () => {
      await start()
      const [, guest] = await gather(world, 2)
      guest?.say('METADATA', 0, 'mine')
      expect(await guest?.hear(1)).toEqual([['ERROR', 0, refusal('not-host')]])
    })

    test('too often: rate-limited with the time to wait, nobody hears it, and the socket stays', async () => {
      await start()
      const [host, guest] = await gather(world, 2)
      for (let times = 1; times <= 11; times++) host?.say('METADATA', 0, `level ${times}`)
      const heard = (await host?.hear(11)) ?? []
      const { retryAfter } = heard.find(([name]) => name === 'ERROR')?.[2] as { retryAfter: number }
      expect(retryAfter > 0 && retryAfter <= 1000).toBe(true)
      host?.say('OFFER', guest?.id ?? 0, 'after it')
      const levels = Array.from({ length: 10 }, (_, index) => ['METADATA', 0, `level ${index + 1}`])
      expect(await guest?.hear(11)).toEqual([...levels, ['OFFER', 1, 'after it']])
    })

    test.each([
      ['4097 characters', 'x'.repeat(4097)],
      ['more than 8192 bytes in JSON', '\u0001'.repeat(1366)],
    ])('of %s: invalid-message', async (_size, metadata) => {
      await start()
      const [host] = await gather(world, 1)
      host?.say('METADATA', 0, metadata)
      expect(await host?.hear(1)).toEqual([['ERROR', 0, end('invalid-message')]])
    })
  })

  describe('other messages', () => {
    test('PING is answered with PONG and the same data, before joining and after it', async () => {
      await start()
      const client = await greet(world)
      client.say('PING', 3, 'a')
      expect(await client.hear(1)).toEqual([['PONG', 3, 'a']])
      const host = await enter(client, (it) => it.say('JOIN', 0, ''))
      host.say('PING', 0, 'b')
      expect(await host.hear(1)).toEqual([['PONG', 0, 'b']])
    })

    test('LEAVE: the others hear it at once, the socket closes with 1000 and no error', async () => {
      await start()
      const [host, guest] = await gather(world, 2)
      guest?.say('LEAVE', 0)
      expect(await host?.hear(1)).toEqual([['PEER_DISCONNECT', guest?.id, '']])
      expect(await guest?.closed()).toEqual({ code: 1000, reason: '' })
      expect(guest?.rest).toEqual([])
    })

    test('RETRY goes to extended members as a signal does, and to no others', async () => {
      await start()
      const [host, guest] = await gather(world, 2)
      guest?.say('RETRY', 1, 'again')
      expect(await host?.hear(1)).toEqual([['RETRY', guest?.id, 'again']])
      const plain = await world.connectPlain()
      plain.send(JSON.stringify({ type: 0, id: 0, data: host?.lobby }))
      await plain.take(4)
      const { id } = (await host?.hearOne('PEER_CONNECT')) ?? { id: 0 }
      host?.say('RETRY', id, 'again')
      host?.say('OFFER', id, 'after it')
      expect(await plain.take(1)).toEqual(['{"type":4,"id":1,"data":"after it"}'])
      expect(world.stats().drops['not-understood']).toBe(1)
    })

    test('the keeper of a lobby without its host is the oldest member; it may seal, and joiners hear of it', async () => {
      await start()
      const [host, second, third] = await gather(world, 3, { create: { mode: 'mesh', onHostLeave: 'keep' } })
      host?.say('LEAVE', 0)
      const heard = [
        ['PEER_DISCONNECT', 1, ''],
        ['HOST', second?.id, ''],
      ]
      for (const member of [second, third]) expect(await member?.hear(2)).toEqual(heard)
      const late = await greet(world)
      late.say('JOIN', 0, second?.lobby)
      expect((await late.hear(6)).at(-1)).toEqual(['HOST', second?.id, ''])
      third?.say('SEAL', 0)
      expect((await third?.hear(2))?.at(-1)).toEqual(['ERROR', 0, refusal('not-host')])
      second?.say('SEAL', 0)
      expect((await second?.hear(2))?.at(-1)).toEqual(['SEAL', 0, ''])
    })

    test("with one who speaks only the demo's protocol, all goes as with the demo", async () => {
      await start()
      const plain = await world.connectPlain()
      plain.send('{"type":0,"id":0,"data":""}')
      const lobby = (JSON.parse((await plain.take(2))[1] ?? '') as { data: string }).data
      const client = await greet(world)
      client.say('JOIN', 0, lobby)
      const heard = await client.hear(4)
      const id = heard[0]?.[1] ?? 0
      expect(heard.slice(0, 3)).toEqual([
        ['ID', id, 'true'],
        ['PEER_CONNECT', 1, ''],
        ['JOIN', 0, lobby],
      ])
      expect(await plain.take(1)).toEqual([`{"type":2,"id":${id},"data":""}`])
      plain.end()
      expect(await client.hear(1)).toEqual([['ERROR', 0, end('host-left')]])
      expect(await client.closed()).toEqual({ code: 4000, reason: 'Room host has disconnected' })
    })
  })

  describe('errors after which the socket stays', () => {
    test.each([
      ['an unknown lobby', 'lobby-not-found', 0, (client) => client.say('JOIN', 0, 'nobodyMadeThis16')],
      ['a token that is none', 'token-invalid', 0, (client) => client.say('RESUME', 0, 'x')],
      ['a token of no lobby', 'lobby-not-found', 0, (client) => client.say('RESUME', 0, `${'x'.repeat(22)}.5.hall`)],
    ] as [string, Code, number, (client: Awaited<ReturnType<typeof greet>>) => void][])(
      '%s: %s',
      async (_what, code, id, say) => {
        await start()
        const client = await greet(world)
        say(client)
        expect(await client.hear(1)).toEqual([['ERROR', id, refusal(code)]])
        await enter(client, (it) => it.say('JOIN', 0, ''))
      },
    )

    test('a sealed lobby, someone who is not there, a seal by another than the host', async () => {
      await start()
      const [host, guest] = await gather(world, 2)
      guest?.say('SEAL', 0)
      guest?.say('OFFER', 99, 'x')
      expect(await guest?.hear(2)).toEqual([
        ['ERROR', 0, refusal('not-host')],
        ['ERROR', 99, refusal('invalid-destination')],
      ])
      host?.say('SEAL', 0)
      await host?.hearOne('SEAL')
      const client = await greet(world)
      client.say('JOIN', 0, host?.lobby)
      expect(await client.hear(1)).toEqual([['ERROR', 0, refusal('lobby-sealed')]])
    })

    test('too many lobbies: with the time to wait', async () => {
      await start({ limits: { lobbies: 1 } })
      await gather(world, 1)
      const client = await greet(world)
      client.say('CREATE', 0, { mode: 'mesh' })
      expect(await client.hear(1)).toEqual([['ERROR', 0, refusal('too-many-lobbies', { retryAfter: 5000 })]])
    })
  })

  describe('errors before a close', () => {
    test.each([
      ['no JSON', 'invalid-message', 'Invalid message format', (it) => it.raw.send('{')],
      ['binary', 'invalid-transfer-mode', 'Invalid transfer mode, must be text', (it) => it.raw.send(Uint8Array.of(1))],
      ['a signal before joining', 'not-in-lobby', 'Invalid message when not in a lobby', (it) => it.say('OFFER', 1)],
      ['METADATA before joining', 'not-in-lobby', 'Invalid message when not in a lobby', (it) => it.say('METADATA', 1)],
    ] as [string, Code, string, (client: Awaited<ReturnType<typeof greet>>) => void][])(
      '%s: %s',
      async (_what, code, reason, say) => {
        await start()
        const client = await greet(world)
        say(client)
        expect(await client.hear(1)).toEqual([['ERROR', 0, end(code)]])
        expect(await client.closed()).toEqual({ code: 4000, reason })
      },
    )

    test.each([
      ['JOIN', 'already-in-lobby', 'Already in a lobby'],
      ['CREATE', 'already-in-lobby', 'Already in a lobby'],
      ['RESUME', 'already-in-lobby', 'Already in a lobby'],
      ['WELCOME', 'unknown-command', 'Invalid command'],
    ] as const)('%s of a member: %s', async (type, code, reason) => {
      await start()
      const [, guest] = await gather(world, 2)
      guest?.say(type, 1, '')
      expect(await guest?.hear(1)).toEqual([['ERROR', 0, end(code)]])
      expect(await guest?.closed()).toEqual({ code: 4000, reason })
    })

    test('nothing joined in time: join-timeout', async () => {
      await start({ limits: { extendedJoinTimeout: 200 } })
      const client = await greet(world)
      await world.pass(200)
      expect(await client.hear(1)).toEqual([['ERROR', 0, end('join-timeout')]])
      expect(await client.closed()).toEqual({ code: 4000, reason: 'Have not joined lobby yet' })
    })

    test('a message too big: 1009, with the limit', async () => {
      await start({ limits: { messageSize: 1000 } })
      const [host] = await gather(world, 1)
      host?.say('METADATA', 0, 'x'.repeat(1000))
      const message = expect.stringContaining('1000 bytes') as unknown
      expect(await host?.hear(1)).toEqual([['ERROR', 0, end('invalid-message', { message })]])
      expect((await host?.closed())?.code).toBe(1009)
    })

    test('too many messages: rate-limited, with the time to wait', async () => {
      await start({ limits: { messageBurst: 10, messageRate: 1 } })
      const [host] = await gather(world, 1)
      host?.say('PING', 0)
      await host?.hearOne('PONG')
      for (let times = 0; times < 9; times++) host?.say('PING', 0)
      const heard = (await host?.hear(9)) ?? []
      const [, , error] = heard.at(-1) ?? []
      expect(error).toEqual(end('rate-limited'))
      expect((error as { retryAfter: number }).retryAfter).toBeLessThanOrEqual(1000)
      expect(await host?.closed()).toEqual({ code: 4000, reason: 'Too many messages' })
    })

    test('no sign of life for three heartbeats: heartbeat-missed', async () => {
      await start({ limits: { heartbeat: 60 } })
      const [host] = await gather(world, 1)
      await world.pass(180)
      expect(await host?.hear(1)).toEqual([['ERROR', 0, end('heartbeat-missed')]])
      expect(await host?.closed()).toEqual({ code: 4000, reason: 'Heartbeat missed' })
    })
  })

  describe('what a client is allowed', () => {
    const grant = { lobby: 'hall' }
    test('one lobby only: another one is unauthorized', async () => {
      await start()
      for (const say of [
        ['JOIN', 'other'],
        ['CREATE', { mode: 'mesh', name: 'other' }],
      ] as const) {
        const client = await greet(world, { grant })
        client.say(say[0], 0, say[1])
        expect(await client.hear(1)).toEqual([['ERROR', 0, end('unauthorized')]])
        expect(await client.closed()).toEqual({ code: 4000, reason: 'Unauthorized' })
      }
    })

    test('one lobby only: "any" means that one, created by who is first, and LIST shows no other', async () => {
      await start()
      await gather(world, 1, { create: { mode: 'mesh', listed: true, name: 'other' } })
      const host = await enter(await greet(world, { grant }), (it) =>
        it.say('CREATE', 0, { mode: 'mesh', listed: true }),
      )
      const guest = await enter(await greet(world, { grant }), (it) => it.say('JOIN', 0, ''), [host])
      expect([host.lobby, host.id, guest.lobby]).toEqual(['hall', 1, 'hall'])
      const client = await greet(world, { grant })
      // That other one is older: a limit counts only what may be shown.
      for (const query of ['', { limit: 1 }]) {
        client.say('LIST', 0, query)
        const { data } = await client.hearOne('LIST')
        expect(data).toEqual([expect.objectContaining({ name: 'hall', members: 2 })])
      }
    })

    test('a member may join, and not create', async () => {
      await start()
      const [host] = await gather(world, 1)
      if (host === undefined) throw new Error('no host')
      await enter(await greet(world, { grant: { role: 'member' } }), (it) => it.say('JOIN', 0, host.lobby), [host])
      const client = await greet(world, { grant: { role: 'member' } })
      client.say('CREATE', 0, { mode: 'mesh', name: 'mine', orJoin: true })
      expect(await client.hear(1)).toEqual([['ERROR', 0, refusal('lobby-not-found')]])
      client.say('CREATE', 0, { mode: 'mesh' })
      expect(await client.hear(1)).toEqual([['ERROR', 0, end('unauthorized')]])
    })
  })
}
