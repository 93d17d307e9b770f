import { expect } from '@jest/globals'
import type { Grant } from '../../../../../src/services/lobby/server/authorization.ts'
import type { LobbyLimits } from '../../../../../src/services/lobby/server/limits.ts'
import type { LobbyStats } from '../../../../../src/services/lobby/server/lobby-stats.ts'
import type { TurnOptions } from '../../../../../src/services/lobby/server/turn-credentials.ts'
import { ExtendedClient } from './extended-client.ts'
import type { RawClient } from './raw-client.ts'

/** Servers of one broker, to be driven from outside. */
export interface ExtendedWorld {
  connect(options?: { server?: number; grant?: Grant }): Promise<RawClient>
  /** A client that speaks only the demo's JSON protocol. */
  connectPlain(): Promise<RawClient>
  stats(server?: number): LobbyStats
  /** Lets time pass, where it has to be made to. */
  pass(milliseconds: number): Promise<void>
  /** Waits for something that comes about by itself. */
  until(condition: () => boolean, what: string): Promise<void>
  /** Starts a drain. */
  drain(server: number): Promise<void>
  close(): Promise<void>
}

export interface ExtendedWorldOptions {
  limits?: Partial<LobbyLimits>
  turn?: TurnOptions
  servers?: number
}

export type OpenExtendedWorld = (options?: ExtendedWorldOptions) => Promise<ExtendedWorld>

/** A member of a lobby. */
export interface TestMember extends ExtendedClient {
  readonly id: number
  readonly lobby: string
  readonly token: string
}

/** A client that was welcomed. */
export async function greet(
  world: ExtendedWorld,
  options?: { server?: number; grant?: Grant },
): Promise<ExtendedClient> {
  const client = new ExtendedClient(await world.connect(options))
  await client.hearOne('WELCOME')
  return client
}

/** Says JOIN or CREATE and takes what comes of it, up to TOKEN. */
export async function enter(
  client: ExtendedClient,
  say: (client: ExtendedClient) => void,
  others: readonly TestMember[] = [],
): Promise<TestMember> {
  say(client)
  const heard = await client.hear(3 + others.length)
  const [, id] = heard[0] ?? []
  const [, , lobby] = heard[1 + others.length] ?? []
  const [, , token] = heard[2 + others.length] ?? []
  expect(heard.map(([name]) => name)).toEqual(['ID', ...others.map(() => 'PEER_CONNECT'), 'JOIN', 'TOKEN'])
  expect(heard.slice(1, 1 + others.length).map(([, other]) => other)).toEqual(others.map((other) => other.id))
  for (const other of others) expect(await other.hear(1)).toEqual([['PEER_CONNECT', id, '']])
  return Object.assign(client, { id, lobby, token: (token as { token: string }).token }) as TestMember
}

/** A lobby with its host and so many others, who have heard of each other. */
export async function gather(
  world: ExtendedWorld,
  count: number,
  { create = { mode: 'mesh' }, servers = [] }: { create?: object; servers?: readonly number[] } = {},
): Promise<TestMember[]> {
  const members: TestMember[] = []
  for (let index = 0; index < count; index++) {
    const client = await greet(world, { server: servers[index] ?? 0 })
    const [host] = members
    const member = await enter(
      client,
      (it) => {
        if (host === undefined) it.say('CREATE', 0, create)
        else it.say('JOIN', 0, host.lobby)
      },
      members,
    )
    members.push(member)
  }
  return members
}
