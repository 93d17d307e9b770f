import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { config } from 'rxjs'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import type { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { int, rpc } from '../../../src/services/multiplayer-api/rpc/index.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { Random } from '../../../src/testing/index.ts'
import { ApiWorld, bytes, type Member } from './support/api-world.ts'

// Honest peers that do anything at any moment, also inside of every signal: connect, leave, send, call, authenticate, disconnect each other, set their peer anew. At a limit of 0, so
// that whoever is blamed for anything is found.

const SERVER = 1
const CLIENTS = [2, 3, 4, 5]
const CHANNELS = [TransferMode.RELIABLE, TransferMode.UNRELIABLE]
const MODES = [TransferMode.UNRELIABLE, TransferMode.UNRELIABLE_ORDERED, TransferMode.RELIABLE]
const STEPS = 60
const RUNS = 10
const first = Math.floor(Math.random() * 2 ** 31)

const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)
const { onUnhandledError } = config
beforeAll(() => {
  config.onUnhandledError = note
  process.on('unhandledRejection', note)
})
afterAll(() => {
  config.onUnhandledError = onUnhandledError
  process.off('unhandledRejection', note)
})

/** What one API has said, checked as it says it. */
class Witness {
  readonly wrong: string[] = []
  readonly #api: MultiplayerAPI
  readonly #id: number
  readonly #here = new Set<number>()
  readonly #authenticating = new Set<number>()

  constructor({ api }: Member, id: number, act: () => void) {
    this.#api = api
    this.#id = id
    const checks = [
      [api.peerConnected$, (peer: number) => this.#connected(peer)],
      [api.peerDisconnected$, (peer: number) => this.#disconnected(peer)],
      [api.peerAuthenticating$, (peer: number) => this.#authenticates(peer)],
      [api.peerAuthenticationFailed$, (peer: number) => this.#failed(peer)],
    ] as const
    for (const [stream, check] of checks) {
      stream.subscribe((peer) => {
        check(peer)
        act()
      })
    }
    api.peerPacket$.subscribe(({ peer }) => {
      this.#expect(this.#here.has(peer) || peer === id, `packet of ${peer}`)
      act()
    })
    for (const stream of [api.serverDisconnected$, api.connectionFailed$]) {
      stream.subscribe(() => {
        this.forget()
        act()
      })
    }
    api.connectedToServer$.subscribe(() => {
      // A listener that removes it now hears nothing of it any more.
      this.#authenticating.delete(SERVER)
      act()
    })
  }

  call(from: number): void {
    this.#expect(this.#here.has(from) || from === this.#id, `call of ${from}`)
  }

  /** Nothing more is said of anybody. */
  forget(): void {
    this.#here.clear()
    this.#authenticating.clear()
  }

  removed(peer: number): void {
    this.#here.delete(peer)
    this.#authenticating.delete(peer)
  }

  /** What was said is what is so. */
  settle(): void {
    const told = [...this.#here].sort()
    const known = this.#api.getPeers().sort()
    this.#expect(told.join() === known.join(), `told of ${told.join()}, knows ${known.join()}`)
  }

  #connected(peer: number): void {
    this.#expect(!this.#here.has(peer), `connected ${peer} twice`)
    this.#authenticating.delete(peer)
    this.#here.add(peer)
  }

  #disconnected(peer: number): void {
    this.#expect(this.#here.delete(peer), `disconnected ${peer}, which was not here`)
  }

  #authenticates(peer: number): void {
    this.#expect(!this.#authenticating.has(peer), `authenticating ${peer} twice`)
    this.#authenticating.add(peer)
  }

  #failed(peer: number): void {
    this.#expect(this.#authenticating.delete(peer), `failed ${peer}, which was not authenticating`)
  }

  #expect(isTrue: boolean, what: string): void {
    if (!isTrue) this.wrong.push(`${this.#id}: ${what}`)
  }
}

/** Does something, which an honest application may be refused. */
function attempt(action: () => unknown): void {
  try {
    const result = action()
    if (result instanceof Promise) result.catch((error: unknown) => checkRefused(error))
  } catch (error) {
    checkRefused(error)
  }
}

function checkRefused(error: unknown): void {
  if (!(error instanceof MultiplayerError)) unhandled.push(error)
}

function declareNode(api: MultiplayerAPI, onCall: (from: number) => void) {
  return api.node('/root/N', {
    m: rpc({ permission: 'any-peer', callLocal: true, args: [int], returns: int }, (value, { from }) => {
      onCall(from)
      return value
    }),
  })
}

async function run(seed: number, options: MultiplayerAPIOptions, mode: 'star' | 'mesh'): Promise<string[]> {
  const random = new Random(seed)
  const world = new ApiWorld({ violationLimit: 0, ...options }, CHANNELS)
  world.network.setConditions({ latency: 5, jitter: 20, loss: random.chance(0.5) ? 0.05 : 0 })
  const ids = [SERVER, ...CLIENTS]
  const witnesses = new Map<number, Witness>()
  /** Those that were given their peer anew: others do not tell them again what they have told before. */
  const renewed = new Set<number>()
  let depth = 0
  let actions = 0
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item

  const doOne = (id: number): void => {
    const { api, mesh } = world.member(id)
    const other = pick(ids)
    const node = nodes.get(id)
    actions++
    const todo: [weight: number, action: () => unknown][] = [
      [
        6,
        () => api.sendBytes(bytes(1), { to: pick([0, other, -other]), mode: pick(MODES), channel: pick([0, 0, 1, 2]) }),
      ],
      [3, () => node?.m.to(pick([0, other, -other]))(other)],
      [2, () => node?.m.call({ peer: other, timeout: 500 }, other)],
      [2, () => api.sendAuth(other, bytes(1))],
      [4, () => api.completeAuth(other)],
      [1, () => (api.disconnectPeer(other) ? witnesses.get(id)?.removed(other) : undefined)],
      [1, () => mesh.removePeer(other)],
      [
        1,
        () => {
          // Godot 3 says nothing of it.
          if (options.version === '3') witnesses.get(id)?.forget()
          return mesh.close({ immediate: random.chance(0.5) })
        },
      ],
      [5, () => connect(id, other)],
      [
        1,
        () => {
          renewed.add(id)
          api.multiplayerPeer = null
          witnesses.get(id)?.forget()
          if (mesh.connectionStatus !== ConnectionStatus.DISCONNECTED) api.multiplayerPeer = mesh
        },
      ],
      [
        1,
        () => {
          node?.$remove()
          declare(id)
        },
      ],
    ]
    const total = todo.reduce((sum, [weight]) => sum + weight, 0)
    let left = random.below(total)
    const chosen = todo.find(([weight]) => (left -= weight) < 0)
    attempt(() => chosen?.[1]())
  }

  /** Inside of a signal, but not without end. */
  const react = (id: number) => (): void => {
    if (depth > 3 || !random.chance(0.3)) return
    depth++
    doOne(id)
    depth--
  }

  const connect = (a: number, b: number): void => {
    if (a === b || (mode === 'star' && a !== SERVER && b !== SERVER)) return
    for (const id of [a, b]) {
      const { mesh, api } = world.member(id)
      if (mesh.connectionStatus !== ConnectionStatus.DISCONNECTED) continue
      if (mode === 'mesh') mesh.createMesh(id, CHANNELS)
      else if (id === SERVER) mesh.createServer(CHANNELS)
      else mesh.createClient(id, CHANNELS)
      if (api.multiplayerPeer === null) api.multiplayerPeer = mesh
    }
    if (world.member(a).mesh.hasPeer(b) || world.member(b).mesh.hasPeer(a)) return
    world.join(a, b)
  }

  const nodes = new Map<number, ReturnType<typeof declareNode>>()
  const declare = (id: number): void => {
    const node = declareNode(world.api(id), (from) => {
      witnesses.get(id)?.call(from)
      react(id)()
    })
    nodes.set(id, node)
  }

  for (const id of ids) {
    const member = world.add(id, {}, mode)
    witnesses.set(id, new Witness(member, id, react(id)))
    declare(id)
  }
  for (let step = 0; step < STEPS; step++) {
    doOne(pick(ids))
    await world.run(random.below(60))
  }

  // Everybody lets the network settle, and authentications end.
  world.network.setConditions({ latency: 5, jitter: 0, loss: 0 })
  depth = 4
  await world.run(60_000)
  const wrong = [...witnesses.values()].flatMap((witness) => {
    witness.settle()
    return witness.wrong
  })
  for (const a of ids.filter((id) => !renewed.has(id))) {
    for (const b of world
      .api(a)
      .getPeers()
      .filter((id) => !renewed.has(id))) {
      if (!world.api(b).getPeers().includes(a)) wrong.push(`${a} knows ${b}, but ${b} does not know ${a}`)
    }
  }
  for (const id of ids) {
    const { violations } = world.api(id).stats()
    const blamed = Object.keys(violations).filter((kind) => !HARMLESS.includes(kind))
    if (blamed.length > 0) wrong.push(`${id} blames somebody: ${blamed.join()}`)
  }
  const timers = await world.end()
  if (timers > 0) wrong.push(`${timers} timers are left`)
  if (actions < STEPS) wrong.push('too little was done')
  return wrong
}

/** Of what is counted, that which no honest peer can help. */
const HARMLESS = [
  'unauthenticated',
  'unexpected-auth',
  'unknown-target',
  'unknown-source',
  'unknown-path-id',
  'path-conflict',
  'unrequested-confirmation',
]

describe(`anything at any moment (seed ${first})`, () => {
  test.each<[string, MultiplayerAPIOptions, 'star' | 'mesh']>([
    ['a server and clients', {}, 'star'],
    ['a server and clients that authenticate by themselves', { authenticate: () => undefined }, 'star'],
    [
      'a server and clients that authenticate by callbacks',
      { authCallback: () => undefined, authTimeout: 300 },
      'star',
    ],
    ['a server that does not relay', { serverRelay: false }, 'star'],
    ['a mesh', {}, 'mesh'],
    ['a mesh that authenticates', { authenticate: () => undefined }, 'mesh'],
    ['Godot 4.0', { version: '4.0' }, 'star'],
    ['Godot 3', { version: '3' }, 'mesh'],
  ])('%s', async (_, options, mode) => {
    for (let i = 0; i < RUNS; i++) {
      const seed = first + i
      expect({ seed, wrong: await run(seed, options, mode) }).toEqual({ seed, wrong: [] })
    }
    expect(unhandled).toEqual([])
  })
})
