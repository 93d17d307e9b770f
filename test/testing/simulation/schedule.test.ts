import { describe, expect, test } from '@jest/globals'
import { takeUntil, timer } from 'rxjs'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import {
  type Fault,
  type FaultKind,
  generateSchedule,
  type GenerateScheduleOptions,
  History,
  runSchedule,
  type Schedule,
  shrinkSchedule,
  SimulatedNetwork,
} from '../../../src/testing/index.ts'
import { codeOf } from '../../services/multiplayer-api/support/api-world.ts'
import { SimMesh } from '../../support/sim-mesh.ts'

const KINDS: readonly FaultKind[] = [
  ...(['loss', 'slow', 'disorder', 'partition', 'death', 'absence', 'overload'] as const),
  ...(['signaling-cut', 'signaling-restart', 'signaling-disorder'] as const),
]
const HOSTS = ['host-1', 'host-2', 'host-3']

function scheduleOf(...faults: Fault[]): Schedule {
  return { seed: 1, hosts: HOSTS, duration: 1_000, faults }
}

/** Three peers in a mesh, each on one host. */
async function openMesh(): Promise<SimMesh> {
  const mesh = new SimMesh({ latency: 5 })
  await mesh.form(1, 2, 3)
  return mesh
}

/** Milliseconds that a packet takes which each one sends to each other now, as `from>to`; those that are lost are not there. */
async function probe({ peers, network: { clock } }: SimMesh): Promise<Record<string, number>> {
  const sent = clock.now()
  const took: Record<string, number> = {}
  for (const [to, peer] of peers) {
    peer.packets$.pipe(takeUntil(timer(90, clock))).subscribe(({ peer: from }) => {
      took[`${from}>${to}`] = clock.now() - sent
    })
  }
  for (const peer of peers.values()) peer.send(Uint8Array.of(1), { mode: TransferMode.UNRELIABLE })
  await new Promise<void>((resolve) => void clock.setTimeout(resolve, 90))
  return took
}

/** Runs faults, and probes at these times. */
async function probed(mesh: SimMesh, times: readonly number[], ...faults: Fault[]): Promise<Record<string, number>[]> {
  const { network } = mesh
  const results: Record<string, number>[] = []
  for (const time of times) network.clock.setTimeout(() => void probe(mesh).then((took) => results.push(took)), time)
  await runSchedule(scheduleOf(...faults), { network, conditions: { latency: 5 } })
  mesh.dispose()
  return results
}

describe('generateSchedule', () => {
  test('gives the same for the same seed, as plain JSON, and others for others', () => {
    const one = generateSchedule(7, { kinds: KINDS })
    expect(generateSchedule(7, { kinds: KINDS })).toEqual(one)
    expect(JSON.parse(JSON.stringify(one))).toEqual(one)
    expect(generateSchedule(8, { kinds: KINDS }).faults).not.toEqual(one.faults)
  })

  test('gives faults of every kind asked for, in their order, on hosts that there are, and over in time', () => {
    const kinds = new Set<FaultKind>()
    for (let seed = 0; seed < 200; seed++) {
      const { faults, hosts, duration } = generateSchedule(seed, {
        hosts: 3,
        duration: 5_000,
        faults: 10,
        kinds: KINDS,
      })
      expect(hosts).toEqual(['host-1', 'host-2', 'host-3'])
      expect(faults.length).toBeGreaterThan(0)
      expect(faults.length).toBeLessThanOrEqual(10)
      expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).sort((a, b) => a - b))
      for (const fault of faults) {
        kinds.add(fault.fault)
        expect(fault.at + fault.for).toBeLessThanOrEqual(duration)
        if ('on' in fault) expect(hosts).toContain(fault.on)
        if ('hosts' in fault) {
          expect(hosts).toEqual(expect.arrayContaining([...fault.hosts, ...(fault.others ?? [])]))
          expect(fault.hosts.length).toBeGreaterThan(0)
          expect(fault.hosts.length).toBeLessThan(hosts.length)
          expect(fault.hosts.some((host) => fault.others?.includes(host))).toBe(false)
        }
      }
    }
    expect([...kinds].sort()).toEqual([...KINDS].sort())
  })

  test.each<[string, GenerateScheduleOptions]>([
    ['one host', { hosts: ['a'] }],
    ['two hosts of one name', { hosts: ['a', 'a'] }],
    ['no time', { duration: 0 }],
    ['half a fault', { faults: 0.5 }],
    ['no kinds', { kinds: [] }],
    ['a kind that there is not', { kinds: ['losses' as FaultKind] }],
  ])('refuses %s', (_, options) => {
    expect(codeOf(() => generateSchedule(1, options))).toBe('ERR_INVALID_PARAMETER')
  })

  test('without faults is possible', () => {
    expect(generateSchedule(1, { faults: 0 }).faults).toEqual([])
  })
})

describe('runSchedule', () => {
  test('cuts hosts off and joins them again, however that overlaps', async () => {
    const results = await probed(
      await openMesh(),
      [0, 100, 200, 300, 400],
      { fault: 'partition', hosts: ['host-1'], at: 95, for: 200 },
      { fault: 'partition', hosts: ['host-2'], others: ['host-3'], at: 195, for: 200 },
    )
    const all = ['1>2', '1>3', '2>1', '2>3', '3>1', '3>2']
    const pairs = results.map((took) => Object.keys(took).sort())
    expect(pairs).toEqual([all, ['2>3', '3>2'], [], ['1>2', '1>3', '2>1', '3>1'], all])
  })

  test('cuts hosts off without a break, whatever else begins and ends meanwhile', async () => {
    const mesh = await openMesh()
    const { network } = mesh
    const lost: number[] = []
    mesh.peer(2).peerDisconnected$.subscribe(() => lost.push(network.clock.now()))
    const begun = network.clock.now()
    const schedule = scheduleOf(
      { fault: 'partition', hosts: ['host-1'], others: ['host-2'], at: 0, for: 40_000 },
      { fault: 'partition', hosts: ['host-3'], others: ['host-1'], at: 10_000, for: 2_000 },
      { fault: 'loss', on: 'host-3', probability: 0.1, at: 20_000, for: 1_000 },
    )
    await runSchedule({ ...schedule, duration: 40_000 }, { network, conditions: { latency: 5 } })
    mesh.dispose()
    // Nothing passes for 30 s: the connection is dead.
    expect(lost).toEqual([begun + 30_000])
  })

  test('leaves partitions alone that are not of the schedule', async () => {
    const mesh = await openMesh()
    mesh.network.partition(['host-2'], ['host-3'])
    const [took] = await probed(mesh, [100], { fault: 'partition', hosts: ['host-1'], at: 0, for: 50 })
    expect(Object.keys(took ?? {}).sort()).toEqual(['1>2', '1>3', '2>1', '3>1'])
  })

  test('slows links down, the worst of two faults on one, and gives back what was before', async () => {
    const slow = { fault: 'slow', jitter: 0, bandwidth: Infinity } as const
    const results = await probed(
      await openMesh(),
      [0, 100, 200, 300, 400],
      { ...slow, on: 'host-1', latency: 20, at: 95, for: 200 },
      { ...slow, on: 'host-2', latency: 40, at: 195, for: 200 },
    )
    const took = results.map((result) => ['1>2', '2>1', '1>3', '2>3'].map((pair) => result[pair]))
    expect(took).toEqual([[5, 5, 5, 5], [20, 20, 20, 5], [40, 40, 20, 40], [40, 40, 5, 40], [5, 5, 5, 5]]) // prettier-ignore
  })

  test('loses and doubles packets', async () => {
    const mesh = await openMesh()
    const { counters } = mesh.network
    const doubledBefore = counters.duplicated
    const results = await probed(
      mesh,
      [0, 100],
      { fault: 'loss', on: 'host-1', probability: 1, at: 0, for: 95 },
      { fault: 'disorder', on: 'host-1', duplication: 1, reordering: 0, at: 96, for: 100 },
    )
    expect(results.map((took) => Object.keys(took).length)).toEqual([2, 6])
    expect(counters.duplicated).toBeGreaterThan(doubledBefore)
  })

  test('kills hosts, calls handlers when faults begin and end, and tells the history', async () => {
    const network = new SimulatedNetwork()
    const { clock } = network
    const history = new History({ clock })
    const heard: string[] = []
    const dying = network.host('host-2')
    const note = (what: string) => (fault: Fault) => heard.push(`${what} ${fault.fault} ${clock.now()}`)
    const absence = { fault: 'absence', on: 'host-1', at: 10, for: 20 } as const
    const death = { fault: 'death', on: 'host-2', at: 20, for: 30 } as const
    await runSchedule(scheduleOf(absence, death), {
      network,
      history,
      handlers: { absence: { begin: note('begin'), end: note('end') }, death: { begin: note('begin') } },
      expected: () => heard,
    })
    expect(dying.isAlive).toBe(false)
    expect(heard).toEqual(['begin absence 10', 'begin death 20', 'end absence 30'])
    const entries = history.entries.map((entry) => [entry.at, entry.kind, 'phase' in entry ? entry.phase : ''])
    expect(entries).toEqual([[10, 'fault', 'begin'], [20, 'fault', 'begin'], [30, 'fault', 'end'], [50, 'fault', 'end'], [1_000, 'healed', '']]) // prettier-ignore
    expect(history.entries[1]).toMatchObject({ fault: 'death', hosts: ['host-2'] })
    expect(history.entries.at(-1)).toMatchObject({ expected: heard })
  })

  test.each<[string, Fault]>([
    ['nobody can do', { fault: 'overload', on: 'host-1', packets: 1, bytes: 1, at: 0, for: 1 }],
    ['are on a host that there is not', { fault: 'death', on: 'x', at: 0, for: 1 }],
    ['are not over in time', { fault: 'death', on: 'host-1', at: 999, for: 2 }],
    ['are over before they begin', { fault: 'death', on: 'host-1', at: 5, for: -1 }],
    ['are on nobody', { fault: 'death', at: 0, for: 1 } as unknown as Fault],
    ['cut nobody off', { fault: 'partition', hosts: [], at: 0, for: 1 }],
  ])('refuses faults that %s, before anything happens', async (_, fault) => {
    const network = new SimulatedNetwork()
    const error: unknown = await runSchedule(scheduleOf(fault), { network }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ERR_INVALID_PARAMETER', value: fault })
    expect([network.clock.pending, network.clock.now()]).toEqual([0, 0])
  })

  test('refuses what no link can be like, before anything happens', async () => {
    const network = new SimulatedNetwork()
    const fault = { fault: 'loss', on: 'host-1', probability: 5, at: 10, for: 1 } as const
    const error: unknown = await runSchedule(scheduleOf(fault), { network }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ERR_INVALID_PARAMETER', value: { loss: 5 } })
    expect([network.clock.pending, network.clock.now()]).toEqual([0, 0])
  })
})

describe('shrinkSchedule', () => {
  const long = generateSchedule(3, { hosts: 6, faults: 40, duration: 20_000, kinds: KINDS })

  test('finds the two faults, of many, that matter, on their hosts, and makes them short', async () => {
    const matters = ({ faults }: Schedule): boolean =>
      faults.some(({ fault }) => fault === 'death') && faults.some((fault) => fault.fault === 'loss' && fault.for >= 10)
    expect(matters(long)).toBe(true)
    const short = await shrinkSchedule(long, matters)
    expect(matters(short)).toBe(true)
    expect(short.faults.map(({ fault }) => fault).sort()).toEqual(['death', 'loss'])
    expect(short.faults.every((fault) => fault.for < 20)).toBe(true)
    expect(short.hosts).toHaveLength(2)
    expect(short.duration).toBe(Math.max(...short.faults.map((fault) => fault.at + fault.for)))
    expect(short.seed).toBe(long.seed)
  })

  test('gives back what cannot be made shorter, and asks no oftener than it may', async () => {
    let tries = 0
    const same = await shrinkSchedule(long, () => (tries++, Promise.resolve(false)), { tries: 7 })
    expect(same).toEqual(long)
    expect(tries).toBe(7)
  })
})
