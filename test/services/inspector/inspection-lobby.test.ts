import { describe, expect, test } from '@jest/globals'
import type { InspectionEvent } from 'xstate'
import { Inspection } from '../../../src/services/inspector/inspection.ts'
import { parseInspectorMessages } from '../../../src/services/inspector/wire/parse.ts'
import { LobbyWorld } from '../lobby/client/support/lobby-world.ts'
import { Heard } from './recorder/support/heard.ts'

/** Milliseconds in which two attempts of fifteen seconds and the wait between them are over. */
const BOTH_ATTEMPTS = 60_000

describe('a lobby that is watched', () => {
  test('shows mesh, peers and negotiations in one group, from before and from now on', async () => {
    const world = await LobbyWorld.start()
    const [host, guest] = (await world.form(2)) as [
      Awaited<ReturnType<typeof world.join>>,
      Awaited<ReturnType<typeof world.join>>,
    ]
    await world.untilConnected([host, guest])
    const inspection = new Inspection({ clock: world.clock })
    inspection.watch(host, { name: 'host' })
    const told = new Heard(inspection)
    expect(told.lines()).toEqual([
      'webrtc.source',
      'actor host (mesh) in "connected"',
      'actor peer:2 (peer) in "connected" of host',
      'webrtc.facts',
      'actor negotiation:2 (negotiation) in "connected"',
    ])
    const third = await world.join('host-3', { lobby: host.lobby })
    await world.untilConnected([host, guest, third])
    expect(told.living.sort()).toEqual(['host', 'negotiation:2', 'negotiation:3', 'peer:2', 'peer:3'])
    expect(new Set(told.of('@xstate.actor').map(({ group, uniqueId }) => `${group} ${uniqueId}`))).toEqual(
      new Set([`${host.lobby} ${host.id}`]),
    )
    expect(told.of('webrtc.facts')[0]?.group).toBe(host.lobby)
    const negotiation = told
      .of('@xstate.snapshot')
      .filter(({ snapshot }) => snapshot.value === 'connected')
      .at(-1)
    expect(negotiation?.snapshot.context).toBeDefined()
    expect(JSON.stringify(told.messages)).not.toContain('ice-pwd')

    await world.settle(third.leave())
    await world.run(1_000)
    expect(told.living.sort()).toEqual(['host', 'negotiation:2', 'peer:2'])
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    expect(told.living).toEqual([])
    expect(parseInspectorMessages(JSON.stringify(told.messages))).toMatchObject({ ok: true, ignored: 0 })
    expect(inspection.stats()).toMatchObject({ systems: 0, failures: 0 })
    inspection.stop()
    inspection.start(() => undefined)
    expect(inspection.stats().watches).toBe(0)
    inspection.close()
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a verdict is told when it falls, or to the first who looks after that, and once', async () => {
    const world = await LobbyWorld.start()
    world.network.partition(['host-1'], ['host-2', 'host-3'])
    const host = await world.join('host-1')
    const guest = await world.join('host-2', { lobby: host.lobby, attempts: 2 })
    const inspection = new Inspection({ clock: world.clock })
    inspection.watch(guest)
    const times: number[] = []
    guest.verdicts$.subscribe(() => times.push(world.clock.now()))
    await world.run(BOTH_ATTEMPTS)
    const late = new Heard(inspection)
    const verdict = {
      type: 'webrtc.verdict',
      group: host.lobby,
      uniqueId: guest.id,
      peer: 1,
      reason: 'relay-needed',
      message: expect.stringContaining('TURN server'),
      verdict: expect.objectContaining({
        step: 'ice',
        attempts: 2,
        localCandidates: expect.arrayContaining([expect.objectContaining({ type: 'host' })]),
      }),
    }
    expect(times.length).toBeGreaterThan(0)
    expect(late.of('webrtc.verdict').map(({ time }) => time)).toEqual(times)
    expect(late.of('webrtc.verdict')[0]).toMatchObject(verdict)
    expect(late.living).toEqual(expect.arrayContaining(['mesh', 'negotiation:1']))
    expect(new Heard(inspection).of('webrtc.verdict')).toEqual([])

    times.length = 0
    const told = new Heard(inspection)
    guest.dial(1)
    await world.run(BOTH_ATTEMPTS)
    expect(times.length).toBeGreaterThan(0)
    expect(told.of('webrtc.verdict').map(({ time }) => time)).toEqual(times)
    const failures = told
      .of('@xstate.snapshot')
      .map(({ snapshot }) => snapshot.context?.['failure'])
      .filter((failure) => failure != null)
    expect(failures).toContainEqual({ step: 'ice', cause: 'timeout' })
    inspection.close()
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('watched no more, nothing of it is kept', async () => {
    const world = await LobbyWorld.start()
    const lobbies = await world.form(2)
    await world.untilConnected(lobbies)
    const inspection = new Inspection({ clock: world.clock })
    const watch = inspection.watch(lobbies[0] as (typeof lobbies)[0])
    const told = new Heard(inspection)
    watch[Symbol.dispose]()
    expect(told.living).toEqual([])
    expect(inspection.stats()).toMatchObject({ systems: 0, watches: 0, failures: 0 })
    inspection.close()
    await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })
})

test('the option `inspect` of joinLobby hears of mesh, peers and negotiations, and may throw', async () => {
  const world = await LobbyWorld.start()
  const ids = new Set<string>()
  const errors: unknown[] = []
  const inspect = (event: InspectionEvent): void => {
    ids.add((event.actorRef as unknown as { id: string }).id)
    throw new Error('planted')
  }
  const logger = { warn: () => undefined, error: (_: string, error: unknown) => errors.push(error) }
  const host = await world.join('host-1')
  const guest = await world.join('host-2', { lobby: host.lobby, inspect, logger })
  await world.untilConnected([host, guest])
  expect([...ids]).toEqual(expect.arrayContaining(['mesh', 'peer:1', 'negotiation:1']))
  expect(errors[0]).toEqual(new Error('planted'))
  await world.settle(Promise.all([host.leave(), guest.leave()]))
  await world.end()
})
