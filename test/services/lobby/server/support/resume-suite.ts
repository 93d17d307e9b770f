import { afterEach, describe, expect, test } from '@jest/globals'
import type { ExtendedClient } from './extended-client.ts'
import { type ExtendedWorld, gather, greet, type OpenExtendedWorld, type TestMember } from './extended-world.ts'

type Pair = [TestMember, TestMember]

/** What becomes of members whose socket is lost, at one server and at two. */
export function resumeSuite(open: OpenExtendedWorld): void {
  let world: ExtendedWorld
  afterEach(() => world.close())

  const lost = (count = 1, server = 0): Promise<void> =>
    world.until(() => world.stats(server).lostMembers === count, `${count} sockets are lost`)

  /** What a member hears that takes up its place. */
  const resumed = ({ id, lobby }: TestMember, members: readonly number[], more: object = {}) => [
    'RESUME',
    id,
    { lobby, mode: 'mesh', sealed: false, host: 1, metadata: '', members, ...more },
  ]

  const comeBack = async (member: TestMember, server = 0): Promise<ExtendedClient> => {
    const client = await greet(world, { server })
    client.say('RESUME', 0, member.token)
    return client
  }

  describe.each([
    ['at the same server', 0],
    ['at another server', 1],
  ])('a member that comes back %s', (_where, server) => {
    test('has the same id; the others heard nothing; what was sent to it comes after RESUME, in order', async () => {
      world = await open({ servers: 2 })
      const [host, guest] = (await gather(world, 2)) as Pair
      guest.raw.end(1006)
      await lost()
      const sent = ['one', 'two', 'three']
      for (const data of sent) host.say('CANDIDATE', guest.id, data)
      host.say('PING', 0)
      expect(await host.hear(1)).toEqual([['PONG', 0, '']])
      const client = await comeBack(guest, server)
      expect(await client.hear(4)).toEqual([resumed(guest, [1]), ...sent.map((data) => ['CANDIDATE', 1, data])])
      client.say('OFFER', 1, 'there again')
      expect(await host.hear(1)).toEqual([['OFFER', guest.id, 'there again']])
      host.say('ANSWER', guest.id, 'fine')
      expect(await client.hear(1)).toEqual([['ANSWER', 1, 'fine']])
      expect(world.stats(0).members + world.stats(1).members).toBe(2)
    })

    test('learns how things stand: members, seal, metadata', async () => {
      world = await open({ servers: 2 })
      const [host, guest, third] = (await gather(world, 3)) as [TestMember, TestMember, TestMember]
      guest.raw.end(1006)
      await lost()
      third.say('LEAVE', 0)
      await host.hearOne('PEER_DISCONNECT')
      host.say('METADATA', 0, 'level 2')
      host.say('SEAL', 0)
      await host.hear(2)
      const client = await comeBack(guest, server)
      expect(await client.hear(1)).toEqual([resumed(guest, [1], { sealed: true, metadata: 'level 2' })])
    })

    test('while its old socket is open: that one is closed with 4000, after ERROR moved', async () => {
      world = await open({ servers: 2 })
      const [host, guest] = (await gather(world, 2)) as Pair
      const client = await comeBack(guest, server)
      expect(await client.hear(1)).toEqual([resumed(guest, [1])])
      expect(await guest.hear(1)).toEqual([['ERROR', 0, expect.objectContaining({ code: 'moved', closing: true })]])
      expect(await guest.closed()).toEqual({ code: 4000, reason: 'Moved to another socket' })
      host.say('OFFER', guest.id, 'x')
      expect(await client.hear(1)).toEqual([['OFFER', 1, 'x']])
      expect(host.rest).toEqual([])
    })

    test('and loses that socket too keeps its place again', async () => {
      world = await open({ servers: 2 })
      const [host, guest] = (await gather(world, 2)) as Pair
      guest.raw.end(1006)
      await lost()
      const second = await comeBack(guest, server)
      await second.hearOne('RESUME')
      second.raw.end(1006)
      await lost(1, server)
      host.say('OFFER', guest.id, 'kept')
      const third = await comeBack(guest, 1 - server)
      expect(await third.hear(2)).toEqual([resumed(guest, [1]), ['OFFER', 1, 'kept']])
    })

    test('may be the host: its lobby lives on', async () => {
      world = await open({ servers: 2 })
      const [host, guest] = (await gather(world, 2)) as Pair
      host.raw.end(1006)
      await lost()
      const client = await comeBack(host, server)
      expect(await client.hear(1)).toEqual([resumed(host, [guest.id])])
      client.say('SEAL', 0)
      expect(await guest.hear(1)).toEqual([['SEAL', 0, '']])
    })

    test('hears no signals of one that left meanwhile', async () => {
      world = await open({ servers: 2 })
      const [host, guest, third] = (await gather(world, 3)) as [TestMember, TestMember, TestMember]
      guest.raw.end(1006)
      await lost()
      third.say('OFFER', guest.id, 'from one that leaves')
      third.say('LEAVE', 0)
      await host.hearOne('PEER_DISCONNECT')
      host.say('OFFER', guest.id, 'from one that stays')
      const client = await comeBack(guest, server)
      expect(await client.hear(2)).toEqual([resumed(guest, [1]), ['OFFER', 1, 'from one that stays']])
    })

    test('with the token of nobody, or after its time, has to join anew', async () => {
      world = await open({ servers: 2, limits: { graceTime: 200 } })
      const [host, guest] = (await gather(world, 2)) as Pair
      const client = await greet(world, { server })
      client.say('RESUME', 0, `${'x'.repeat(22)}.${guest.id}.${guest.lobby}`)
      const invalid = expect.objectContaining({ code: 'token-invalid', closing: false })
      expect(await client.hear(1)).toEqual([['ERROR', 0, invalid]])
      guest.raw.end(1006)
      await lost()
      await world.pass(200)
      expect(await host.hear(1)).toEqual([['PEER_DISCONNECT', guest.id, '']])
      const late = await comeBack(guest, server)
      expect(await late.hear(1)).toEqual([['ERROR', 0, invalid]])
      late.say('JOIN', 0, guest.lobby)
      expect((await late.hear(4)).map(([name]) => name)).toEqual(['ID', 'PEER_CONNECT', 'JOIN', 'TOKEN'])
    })
  })

  describe('the place of one whose socket closed', () => {
    test.each([1000, 1001])('with %i is not kept', async (code) => {
      world = await open()
      const [host, guest] = (await gather(world, 2)) as Pair
      guest.raw.end(code)
      expect(await host.hear(1)).toEqual([['PEER_DISCONNECT', guest.id, '']])
      const client = await comeBack(guest)
      expect(await client.hear(1)).toEqual([['ERROR', 0, expect.objectContaining({ code: 'token-invalid' })]])
    })

    test.each([1006, 4321])('with %i is kept', async (code) => {
      world = await open()
      const [, guest] = (await gather(world, 2)) as Pair
      guest.raw.end(code)
      await lost()
      const client = await comeBack(guest)
      expect(await client.hear(1)).toEqual([resumed(guest, [1])])
    })

    test('for a fault of its own is not kept, for too many messages it is', async () => {
      world = await open({ limits: { messageBurst: 20, messageRate: 1 } })
      const [host, one, two] = (await gather(world, 3)) as [TestMember, TestMember, TestMember]
      one.raw.send('{')
      expect(await host.hear(1)).toEqual([['PEER_DISCONNECT', one.id, '']])
      for (let times = 0; times < 30; times++) two.say('PING', 0)
      expect((await two.closed()).reason).toBe('Too many messages')
      await lost()
      const client = await comeBack(two)
      expect(await client.hear(1)).toEqual([resumed(two, [1])])
    })

    test('is kept for extended members alone', async () => {
      world = await open()
      const [host] = await gather(world, 1)
      const plain = await world.connectPlain()
      plain.send(JSON.stringify({ type: 0, id: 0, data: host?.lobby }))
      const { id } = (await host?.hearOne('PEER_CONNECT')) ?? { id: 0 }
      plain.end(1006)
      expect(await host?.hear(1)).toEqual([['PEER_DISCONNECT', id, '']])
    })

    test('is not kept at all with a grace time of 0', async () => {
      world = await open({ limits: { graceTime: 0 } })
      const [host, guest] = (await gather(world, 2)) as Pair
      guest.raw.end(1006)
      expect(await host.hear(1)).toEqual([['PEER_DISCONNECT', guest.id, '']])
    })

    test('takes no more signals than the limit: the oldest go, counted', async () => {
      world = await open({ limits: { keptSignals: 2 } })
      const [host, guest] = (await gather(world, 2)) as Pair
      guest.raw.end(1006)
      await lost()
      for (const data of ['one', 'two', 'three']) host.say('OFFER', guest.id, data)
      await world.until(() => world.stats().drops['kept-overflow'] === 1, 'one was dropped')
      const client = await comeBack(guest)
      expect(await client.hear(3)).toEqual([resumed(guest, [1]), ['OFFER', 1, 'two'], ['OFFER', 1, 'three']])
      expect(world.stats().keptSignals).toBe(0)
    })
  })

  describe('members of one lobby at several servers', () => {
    test('hear of each other and exchange signals', async () => {
      world = await open({ servers: 3 })
      const members = await gather(world, 3, { servers: [0, 1, 2] })
      for (const from of members) {
        for (const to of members) {
          if (from === to) continue
          from.say('OFFER', to.id, `${from.id}`)
          expect(await to.hear(1)).toEqual([['OFFER', from.id, `${from.id}`]])
        }
      }
      const [host, second, third] = members as [TestMember, TestMember, TestMember]
      third.raw.end(1000)
      for (const member of [host, second]) {
        expect(await member.hear(1)).toEqual([['PEER_DISCONNECT', third.id, '']])
      }
    })

    test('are all closed when the host leaves', async () => {
      world = await open({ servers: 2 })
      const [host, guest] = (await gather(world, 2, { servers: [0, 1] })) as Pair
      host.say('LEAVE', 0)
      expect(await guest.hear(1)).toEqual([['ERROR', 0, expect.objectContaining({ code: 'host-left', closing: true })]])
      expect(await guest.closed()).toEqual({ code: 4000, reason: 'Room host has disconnected' })
      await world.until(() => world.stats(0).members + world.stats(1).members === 0, 'nobody is left')
    })

    test.each(['close', 'keep'])(
      'are all closed with 1000 after a seal and told of nobody who goes, wherever the host is (onHostLeave: %s)',
      async (onHostLeave) => {
        world = await open({ servers: 2, limits: { sealTime: 200 } })
        const create = { mode: 'mesh', onHostLeave }
        const members = await gather(world, 4, { create, servers: [0, 0, 1, 1] })
        members[0]?.say('SEAL', 0)
        for (const member of members) expect(await member.hear(1)).toEqual([['SEAL', 0, '']])
        await world.pass(200)
        for (const member of members) {
          expect(await member.closed()).toEqual({ code: 1000, reason: 'Seal complete' })
          expect(member.rest).toEqual([])
        }
        await world.until(() => world.stats(0).members + world.stats(1).members === 0, 'nobody is left')
      },
    )

    test('one that moves in the midst of a stream of signals gets each of them once', async () => {
      world = await open({ servers: 3 })
      const [host, guest, third] = (await gather(world, 3, { servers: [0, 1, 2] })) as [
        TestMember,
        TestMember,
        TestMember,
      ]
      const got: string[] = []
      const collect = (client: ExtendedClient): void => {
        for (const [name, from, data] of client.rest) if (name === 'OFFER') got.push(`${from} ${String(data)}`)
      }
      let client: ExtendedClient = guest
      for (let step = 0; step < 5; step++) {
        for (const sender of [host, third]) {
          for (let part = 0; part < 10; part++) sender.say('OFFER', guest.id, `${step}.${part}`)
          sender.say('PING', 0)
          await sender.hearOne('PONG')
        }
        const from = step % 2 === 0 ? 1 : 0
        await world.until(
          () => client.rest.length + world.stats(from).keptSignals >= (step === 0 ? 20 : 21),
          'all came',
        )
        collect(client)
        client.raw.end(1006)
        await lost(1, from)
        for (const sender of [host, third]) sender.say('OFFER', guest.id, `${step}.kept`)
        await world.until(() => world.stats(from).keptSignals === 2, 'two are kept')
        client = await comeBack(guest, 1 - from)
        await client.hear(1)
      }
      await world.until(() => client.rest.length === 2, 'the last ones came')
      collect(client)
      const expected = [1, third.id].flatMap((sender) =>
        [0, 1, 2, 3, 4].flatMap((step) => [
          ...Array.from({ length: 10 }, (_, part) => `${sender} ${step}.${part}`),
          `${sender} ${step}.kept`,
        ]),
      )
      expect(got.sort()).toEqual(expected.sort())
    })
  })

  describe('a server that drains', () => {
    test('closes all with 1012; who resumes elsewhere is not missed; who does not leaves after the grace time', async () => {
      world = await open({ servers: 2, limits: { graceTime: 300 } })
      const [host, mover, stayer] = (await gather(world, 3, { servers: [1, 0, 0] })) as [
        TestMember,
        TestMember,
        TestMember,
      ]
      let isDrained = false
      const drained = world.drain(0).then(() => {
        isDrained = true
      })
      const error = { code: 'draining', closing: true, retryAfter: 1000 }
      for (const member of [mover, stayer]) {
        expect(await member.hear(1)).toEqual([['ERROR', 0, expect.objectContaining(error)]])
        expect(await member.closed()).toEqual({ code: 1012, reason: 'Service restart' })
      }
      host.say('OFFER', mover.id, 'kept')
      await world.until(() => world.stats(0).keptSignals === 1, 'it is kept')
      const client = await comeBack(mover, 1)
      expect(await client.hear(2)).toEqual([resumed(mover, [1, stayer.id]), ['OFFER', 1, 'kept']])
      expect([host.rest, isDrained]).toEqual([[], false])
      await world.pass(300)
      expect(await host.hear(1)).toEqual([['PEER_DISCONNECT', stayer.id, '']])
      await drained
    })

    test('does not wait if there is no other server', async () => {
      world = await open({ limits: { graceTime: 10_000_000 } })
      const members = await gather(world, 2)
      await world.drain(0)
      for (const member of members) expect((await member.closed()).code).toBe(1012)
      expect(world.stats()).toMatchObject({ members: 0, lobbies: 0, isDraining: true })
    })
  })
}
