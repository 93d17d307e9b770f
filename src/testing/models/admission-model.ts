import { assign, emit, enqueueActions, setup } from 'xstate'
import { given } from '../../machines/given.ts'
import type { AuthenticationFailureReason } from '../../machines/authentication-types.ts'
import type {
  AdmissionModel,
  AdmissionModelContext,
  AdmissionModelEmitted,
  AdmissionModelEvent,
  AdmissionModelOptions,
} from './admission-model-types.ts'

type Id = { id: number }
/** How a client's time with the server ends: what the two of them hear of it is not the same. */
type How = 'lost' | 'left' | 'kicked' | 'quit'
type End = Id & { how: How }

const SERVER = 1

const ends = (how: How) => ({ type: 'end', params: ({ event: { id } }: { event: Id }) => ({ id, how }) }) as const
const without = (ids: readonly number[], id: number): number[] => ids.filter((other) => other !== id)

/**
 * The specification of who is here, for a server, its clients, and what they tell each other. After Godot's `SceneMultiplayer` (4.x), by the sections of the engine's behaviour:
 *
 * - Admit (State, poll, signals): a relaying server tells everyone of the new one, and it of everyone; `connected_to_server` and `peer_connected` of 1 at the client: CONNECT, or with
 *   authentication, by which it is pending before (Authentication), ACCEPT. Relayed peers are admitted without.
 * - Delete (the same section): `peer_disconnected`, and everyone behind the server is told: LOST, LEAVE. Of one that is pending `peer_authentication_failed`, and nobody is told: LOST,
 *   REJECT, TIME_OUT.
 * - `disconnect_peer` (the same): the caller hears nothing, everyone else does: KICK, QUIT.
 * - Status watcher (the same): DISCONNECTED after CONNECTING is `connection_failed`, otherwise `server_disconnected`, on a server too; everyone is forgotten without a signal: FAIL, GIVE_UP, CLOSE,
 *   and the end of every client.
 * - `refuse_new_connections` (the same) is the peer's: REFUSE, after which nobody can CONNECT.
 * - Relay: with `server_relay` off nobody is told of anybody.
 *
 * And this library's own `reportLostPeers` (docs/multiplayer-api.md).
 *
 * @example
 * ```ts
 * import { admissionModel, admissionModelEvents, transitionPaths } from 'webrtc-multiplayer/testing'
 *
 * const { paths, coverage } = transitionPaths(admissionModel({ clients: [2, 3] }), { events: admissionModelEvents([2, 3]) })
 * console.log(paths.length, coverage.transitions)
 * ```
 */
export function admissionModel(options: AdmissionModelOptions): AdmissionModel {
  const { serverRelay = true, authenticates = false, reportLostPeers = false } = options
  const behind = ({ admitted }: AdmissionModelContext, id: number): number[] =>
    serverRelay && admitted.includes(id) ? without(admitted, id) : []

  /** What is heard when a client is admitted. */
  function admission(context: AdmissionModelContext, id: number): AdmissionModelEmitted[] {
    return [
      { at: SERVER, type: 'connected', id },
      { at: id, type: 'connectedToServer' },
      { at: id, type: 'connected', id: SERVER },
      ...(serverRelay ? context.admitted : []).flatMap((other): AdmissionModelEmitted[] => [
        { at: other, type: 'connected', id },
        { at: id, type: 'connected', id: other },
      ]),
    ]
  }

  /** What the client hears when it has the server no more, whatever the server hears. */
  function farewell(context: AdmissionModelContext, id: number, how: How): AdmissionModelEmitted[] {
    const others = reportLostPeers ? behind(context, id) : []
    const isAdmitted = context.admitted.includes(id)
    const hearsOfServer = how === 'lost' || how === 'kicked' || (how === 'left' && reportLostPeers)
    return [
      ...(isAdmitted && hearsOfServer ? [{ at: id, type: 'disconnected', id: SERVER } as const] : []),
      ...(!isAdmitted && (how === 'lost' || how === 'kicked')
        ? [{ at: id, type: 'failed', id: SERVER, reason: 'connection-lost' } as const]
        : []),
      ...others.map((other) => ({ at: id, type: 'disconnected', id: other }) as const),
      { at: id, type: 'serverDisconnected' },
    ]
  }

  function forgotten({ admitted, authenticating }: AdmissionModelContext, id: number): AdmissionModelContext {
    return { admitted: without(admitted, id), authenticating: without(authenticating, id) }
  }

  const machine = setup({
    types: {} as { context: AdmissionModelContext; events: AdmissionModelEvent; emitted: AdmissionModelEmitted },
    guards: {
      isAway: ({ context: { admitted, authenticating } }, { id }: Id) =>
        !admitted.includes(id) && !authenticating.includes(id),
      isHere: ({ context: { admitted, authenticating } }, { id }: Id) =>
        admitted.includes(id) || authenticating.includes(id),
      isAuthenticating: ({ context }, { id }: Id) => context.authenticating.includes(id),
      isAnyAuthenticating: ({ context }) => context.authenticating.length > 0,
    },
    actions: {
      connect: enqueueActions(({ context, enqueue }, { id }: Id) => {
        if (authenticates) {
          enqueue.emit({ at: SERVER, type: 'authenticating', id })
          enqueue.emit({ at: id, type: 'authenticating', id: SERVER })
          enqueue.assign({ authenticating: [...context.authenticating, id] })
        } else {
          for (const said of admission(context, id)) enqueue.emit(said)
          enqueue.assign({ admitted: [...context.admitted, id] })
        }
      }),
      accept: enqueueActions(({ context, enqueue }, { id }: Id) => {
        for (const said of admission(context, id)) enqueue.emit(said)
        enqueue.assign({
          admitted: [...context.admitted, id],
          authenticating: without(context.authenticating, id),
        })
      }),
      failToConnect: emit((_, { id }: Id) => ({ at: id, type: 'connectionFailed' as const })),
      /** Everyone hears of it but whoever wanted it. */
      end: enqueueActions(({ context, enqueue }, { id, how }: End) => {
        if (how !== 'kicked') {
          if (context.admitted.includes(id)) enqueue.emit({ at: SERVER, type: 'disconnected', id })
          else enqueue.emit({ at: SERVER, type: 'failed', id, reason: 'connection-lost' })
        }
        for (const other of behind(context, id)) enqueue.emit({ at: other, type: 'disconnected', id })
        for (const said of farewell(context, id, how)) enqueue.emit(said)
        enqueue.assign(({ context }) => forgotten(context, id))
      }),
      refuse: enqueueActions(({ context, enqueue }, params: { reason: AuthenticationFailureReason; id?: number }) => {
        const { reason, id: only } = params
        for (const id of only === undefined ? context.authenticating : [only]) {
          enqueue.emit({ at: SERVER, type: 'failed', id, reason })
          for (const said of farewell(context, id, 'lost')) enqueue.emit(said)
        }
        enqueue.assign({ authenticating: only === undefined ? [] : without(context.authenticating, only) })
      }),
      closeServer: enqueueActions(({ context, enqueue }) => {
        const { admitted, authenticating } = context
        if (reportLostPeers) for (const id of admitted) enqueue.emit({ at: SERVER, type: 'disconnected', id })
        enqueue.emit({ at: SERVER, type: 'serverDisconnected' })
        for (const id of [...admitted, ...authenticating]) {
          for (const said of farewell(context, id, 'lost')) enqueue.emit(said)
        }
      }),
      forgetAll: assign({ admitted: [], authenticating: [] }),
    },
  }).createMachine({
    id: 'admissionModel',
    context: { admitted: [], authenticating: [] },
    initial: 'open',
    on: {
      FAIL: { guard: given('isAway'), actions: given('failToConnect') },
      GIVE_UP: { guard: given('isAway'), actions: given('failToConnect') },
      ACCEPT: { guard: given('isAuthenticating'), actions: given('accept') },
      REJECT: {
        guard: given('isAuthenticating'),
        actions: { type: 'refuse', params: ({ event: { id } }) => ({ reason: 'refused', id }) },
      },
      TIME_OUT: { guard: 'isAnyAuthenticating', actions: { type: 'refuse', params: { reason: 'timeout' } } },
      LOST: { guard: given('isHere'), actions: ends('lost') },
      LEAVE: { guard: given('isHere'), actions: ends('left') },
      KICK: { guard: given('isHere'), actions: ends('kicked') },
      QUIT: { guard: given('isHere'), actions: ends('quit') },
    },
    states: {
      open: {
        on: {
          CONNECT: { guard: given('isAway'), actions: given('connect') },
          REFUSE: 'refusing',
          CLOSE: { target: 'closed', actions: ['closeServer', 'forgetAll'] },
        },
      },
      refusing: {
        on: {
          WELCOME: 'open',
          CLOSE: { target: 'closed', actions: ['closeServer', 'forgetAll'] },
        },
      },
      closed: { on: { REOPEN: 'open' } },
    },
  })
  return machine as unknown as AdmissionModel
}
