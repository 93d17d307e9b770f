import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type AnyActorRef, assign } from 'xstate'
import { Inspection } from '../../../../src/services/inspector/inspection.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { Heard } from './support/heard.ts'

/** The build of XState that bundlers take while an application is developed: in it, to read the snapshot of an actor that is being made is an error. */
const BUILD = path.resolve('node_modules/xstate/dist/xstate.development.esm.js')

let xstate: typeof import('xstate')
let inspection: Inspection

beforeAll(async () => {
  xstate = (await import(pathToFileURL(BUILD).href)) as typeof import('xstate')
})
beforeEach(() => {
  inspection = new Inspection({ clock: new VirtualClock() })
})
afterEach(() => {
  inspection.close()
})

const applicationTypes = {} as { context: { kids: AnyActorRef[] } }

/** An application that spawns a child later on. Both take a transition while they are made. */
function application() {
  const kid = xstate.createMachine({ id: 'kid', initial: 'a', states: { a: { always: 'b' }, b: {} } })
  return xstate.setup({ types: applicationTypes, actors: { kid } }).createMachine({
    id: 'app',
    context: { kids: [] },
    initial: 'a',
    states: { a: { always: 'b' }, b: {} },
    on: { MORE: { actions: assign({ kids: ({ context, spawn }) => [...context.kids, spawn('kid', { id: 'kid' })] }) } },
  })
}

const LINES = [
  'webrtc.source',
  'actor app (other) in "b"',
  'event xstate.init to app',
  'app active in "b" by xstate.init; app.a --> app.b',
  'event MORE to app',
  'actor kid (other) in "b" of app',
  'event xstate.init to kid from app',
  'kid active in "b" by xstate.init; kid.a --> kid.b',
  'app active in "b" by MORE; app -MORE-> ',
]

describe("with XState's development build", () => {
  test('it is one that throws while an actor is made', () => {
    let failure: unknown
    const inspect = ({ actorRef, type }: { readonly actorRef: { getSnapshot?(): unknown }; readonly type: string }) => {
      if (type !== '@xstate.actor') return
      try {
        actorRef.getSnapshot?.()
      } catch (error) {
        failure = error
      }
    }
    xstate.createActor(application(), { inspect })
    expect(failure).toMatchObject({ message: expect.stringContaining('while the actor initializes itself') })
  })

  test('an actor is found by the option `inspect`, with what it did while it was made', () => {
    const told = new Heard(inspection)
    const actor = xstate.createActor(application(), { inspect: inspection.inspect }).start()
    actor.send({ type: 'MORE' })
    expect(told.lines()).toEqual(LINES)
    expect(inspection.stats()).toMatchObject({ failures: 0, watches: 1 })
    actor.stop()
    expect(told.living).toEqual([])
  })

  test('also before anybody looks', () => {
    const actor = xstate.createActor(application(), { inspect: inspection.inspect }).start()
    actor.send({ type: 'MORE' })
    expect(new Heard(inspection).living).toEqual(['app', 'kid'])
    actor.stop()
  })
})
