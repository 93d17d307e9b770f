import { describe, expect, test } from '@jest/globals'
import type { LobbyRecord } from '../../../../src/services/lobby/broker/broker.ts'
import { AddressLimits } from '../../../../src/services/lobby/server/address-limits.ts'
import { addressKey } from '../../../../src/services/lobby/server/client-address.ts'
import { KeptSignals } from '../../../../src/services/lobby/server/kept-signals.ts'
import { resolveLobbyLimits } from '../../../../src/services/lobby/server/limits.ts'
import { changesBetween, changesFor, othersOf } from '../../../../src/services/lobby/server/lobby-changes.ts'
import { isLobbyName, randomLobbyName } from '../../../../src/services/lobby/server/lobby-names.ts'
import {
  createSecret,
  formatToken,
  hashSecret,
  parseToken,
} from '../../../../src/services/lobby/server/member-token.ts'
import { MessageQueue } from '../../../../src/services/lobby/server/message-queue.ts'
import { TokenBucket } from '../../../../src/services/lobby/server/token-bucket.ts'
import { checkTurnOptions, turnCredentials } from '../../../../src/services/lobby/server/turn-credentials.ts'
import { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'

describe('a token bucket', () => {
  test('gives what it holds at once, then what it gains', () => {
    const bucket = new TokenBucket(3, 2, 0)
    expect([1, 1, 1, 1].map((amount) => bucket.take(amount, 0))).toEqual([true, true, true, false])
    expect(bucket.wait(1, 0)).toBe(500)
    expect([bucket.take(1, 499), bucket.take(1, 500), bucket.take(1, 500)]).toEqual([false, true, false])
    expect(bucket.wait(100, 500)).toBe(1500)
    expect([bucket.isFull(1999), bucket.isFull(2000)]).toEqual([false, true])
  })
})

describe('a message queue', () => {
  const setUp = (limit = 2) => {
    const handled: string[] = []
    const open: (() => void)[] = []
    let idle = 0
    const queue = new MessageQueue<string>(
      (item) => {
        handled.push(item)
        if (!item.startsWith('slow')) return undefined
        return new Promise((resolve) => open.push(resolve))
      },
      limit,
      () => idle++,
    )
    const finish = async (): Promise<void> => {
      open.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { queue, handled, finish, idle: () => idle }
  }

  test('handles at once what need not wait, and the rest in order', async () => {
    const { queue, handled, finish, idle } = setUp(3)
    for (const item of ['a', 'slow 1', 'b', 'slow 2', 'c']) expect(queue.push(item)).toBe(true)
    expect([handled, queue.isBusy, idle()]).toEqual([['a', 'slow 1'], true, 0])
    await finish()
    expect(handled).toEqual(['a', 'slow 1', 'b', 'slow 2'])
    await finish()
    expect([handled.length, queue.isBusy, idle()]).toEqual([5, false, 1])
  })

  test('takes no more than may wait, and forgets it when closed', async () => {
    const { queue, handled, finish } = setUp(2)
    expect(['slow', 'b', 'c', 'd'].map((item) => queue.push(item))).toEqual([true, true, true, false])
    queue.close()
    await finish()
    expect([queue.push('e'), handled]).toEqual([true, ['slow']])
  })
})

describe('kept signals', () => {
  const signal = (data: string) => ({ lobby: 'x', from: 1, session: 's', stay: 1, sequence: 1, to: 2, type: 4, data })

  test('are bounded in number, the oldest go', () => {
    const kept = new KeptSignals(2, 1_000_000)
    expect(['a', 'b', 'c'].map((data) => kept.push(signal(data)))).toEqual([0, 0, 1])
    expect(kept.take().map(({ data }) => data)).toEqual(['b', 'c'])
    expect(kept.length).toBe(0)
  })

  test('are bounded in bytes; one that is too large by itself takes all', () => {
    const kept = new KeptSignals(100, 1000)
    expect([kept.push(signal('x'.repeat(200))), kept.push(signal('y'.repeat(200)))]).toEqual([0, 1])
    expect(kept.push(signal('z'.repeat(500)))).toBe(2)
    expect(kept.take()).toEqual([])
    expect(kept.push(signal('a'))).toBe(0)
  })
})

describe('tokens', () => {
  test('say whose they are, and are known by a hash that does not tell the secret', () => {
    const secret = createSecret()
    const token = formatToken(secret, 2_147_483_647, 'a.lobby-with_dots')
    expect(parseToken(token)).toEqual({ lobby: 'a.lobby-with_dots', id: 2_147_483_647, tokenHash: hashSecret(secret) })
    expect(hashSecret(secret)).not.toContain(secret)
    expect(createSecret()).not.toBe(secret)
  })

  const SECRET = 'x'.repeat(22)
  test.each([
    '',
    'x',
    SECRET,
    `${SECRET}.5`,
    `${SECRET}.5.`,
    `${SECRET}.0.a`,
    `${SECRET}.2147483648.a`,
    `${SECRET}.five.a`,
    `short.5.a`,
    `${SECRET}.5.${'a'.repeat(200)}`,
  ])('%j is none', (token) => {
    expect(parseToken(token)).toBeNull()
  })
})

describe("lobbies' names", () => {
  test('made at random are names, and differ', () => {
    const names = Array.from({ length: 1000 }, randomLobbyName)
    expect(names.every(isLobbyName)).toBe(true)
    expect(new Set(names).size).toBe(1000)
  })

  test.each([
    ['a', true],
    ['The.Red_Room-1', true],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    ['', false],
    ['a b', false],
    ['ä', false],
    ['a\n', false],
  ])('%j: %j', (name, isName) => {
    expect(isLobbyName(name)).toBe(isName)
  })
})

describe('what members have to hear', () => {
  const record = (mode: LobbyRecord['mode'], sessions: Record<number, string>): LobbyRecord => ({
    ...{ name: 'x', mode, sealed: false, host: 1, onHostLeave: 'close', listed: false, maxMembers: 9, metadata: '' },
    revision: 1,
    members: new Map(
      Object.entries(sessions).map(([id, session]) => [Number(id), { id: Number(id), session, node: 'n' }]),
    ),
  })

  test.each([
    ['nothing, if nothing changed', 'mesh', 2, { 1: 'a', 2: 'b' }, { 1: 'a', 2: 'b' }, [], []],
    ['who came and who went', 'mesh', 2, { 1: 'a', 2: 'b', 3: 'c' }, { 1: 'a', 2: 'b', 4: 'd' }, [3], [4]],
    ['another session has left and joined', 'mesh', 2, { 1: 'a', 2: 'b' }, { 1: 'z', 2: 'b' }, [1], [1]],
    [
      'if its own session changed, all have',
      'mesh',
      2,
      { 1: 'a', 2: 'b', 3: 'c' },
      { 1: 'a', 2: 'z', 3: 'c' },
      [1, 3],
      [1, 3],
    ],
    ['a client, of the host alone', 'client-server', 2, { 1: 'a', 2: 'b', 3: 'c' }, { 1: 'a', 2: 'b', 4: 'd' }, [], []],
    ['the host, of all clients', 'client-server', 1, { 1: 'a', 3: 'c' }, { 1: 'a', 4: 'd' }, [3], [4]],
  ] as const)('%s', (_what, mode, member, before, after, left, joined) => {
    const [previous, next] = [record(mode, before), record(mode, after)]
    expect(changesFor(member, previous, next, changesBetween(previous, next))).toEqual({ left, joined })
  })

  test('everyone else in a mesh, the host or the clients otherwise', () => {
    const members = { 1: 'a', 2: 'b', 3: 'c' }
    expect([1, 2].map((id) => othersOf(record('mesh', members), id))).toEqual([
      [2, 3],
      [1, 3],
    ])
    expect([1, 2].map((id) => othersOf(record('client-server', members), id))).toEqual([[2, 3], [1]])
  })
})

describe('addresses', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2:3::192.0.2.1', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
    ['x'.repeat(100), 'x'.repeat(64)],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })

  test('are forgotten once nothing is open and the allowance is full', () => {
    const clock = new VirtualClock()
    const limits = new AddressLimits(resolveLobbyLimits(), clock)
    for (let host = 0; host < 1000; host++) {
      limits.opened(`10.0.0.${host}`)()
      clock.advance(200)
    }
    expect(limits.size).toBeLessThan(10)
  })
})

describe('TURN credentials', () => {
  const turn = { secret: 'north', urls: ['turn:turn.example:3478', 'turns:turn.example', 'stun:stun.example'] }

  test('are what coturn computes for use-auth-secret', () => {
    // echo -n '1700003600:ann' | openssl dgst -sha1 -hmac north -binary | base64
    expect(turnCredentials({ ...turn, ttl: 3_600_000 }, 'ann', 1_700_000_000_000)).toEqual({
      iceServers: [
        { urls: ['stun:stun.example'] },
        {
          urls: ['turn:turn.example:3478', 'turns:turn.example'],
          username: '1700003600:ann',
          credential: 'TwqKCcbzejRFa1sgGqGS7SEzCGg=',
        },
      ],
      expiresIn: 3_600_000,
    })
  })

  test('are good for a day unless told otherwise, also for who has no name', () => {
    const { iceServers, expiresIn } = turnCredentials(turn, null, 1_700_000_000_000)
    expect([iceServers[1]?.username, expiresIn]).toEqual(['1700086400:anonymous', 86_400_000])
  })

  test('are not made for servers that need none, which then need no secret and do not expire', () => {
    const urls = ['stun:stun.example', 'stuns:stun.example']
    expect(() => {
      checkTurnOptions({ urls })
    }).not.toThrow()
    expect(turnCredentials({ urls }, 'ann')).toEqual({ iceServers: [{ urls }] })
  })

  test.each([
    ['an empty secret', { ...turn, secret: '' }, /static-auth-secret/],
    ['no secret for a relay', { urls: turn.urls }, /static-auth-secret/],
    ['no TURN URL', { ...turn, urls: ['http://turn.example'] }, /turn:host:port/],
    ['a time of less than a second', { ...turn, ttl: 999 }, /turn\.ttl/],
  ])('%s is refused', (_what, options, message) => {
    expect(() => checkTurnOptions(options)).toThrow(message)
  })
})
