import { describe, expect, test } from '@jest/globals'
import {
  actorOfEnd,
  completeSelection,
  firstSelection,
  linkOfActor,
} from '../../../src/inspector-page/model/selection.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import { link, Teller } from '../support/teller.ts'

const [one, two] = [new Teller('one'), new Teller('two')]
const session = new Session()
session.applyAll([
  one.mesh(1),
  one.peer(1, 2, 'connected'),
  two.mesh(2),
  two.peer(2, 1, 'connected'),
  one.facts(1, [link(2), link(3)]),
  one.verdict(1, 4),
  one.event('x:1-2', 'channel.state'),
])

describe('choosing', () => {
  test.each([
    ['a link: the actor of its lower end', { link: 'tea|1-2' }, { link: 'tea|1-2', actor: 'one/x:1-2' }],
    ['a link without an actor', { link: 'tea|1-3' }, { link: 'tea|1-3' }],
    ['a peer: its mesh', { peer: 'tea|2' }, { peer: 'tea|2', actor: 'two/x:0' }],
    ['a peer that does not report', { peer: 'tea|3' }, { peer: 'tea|3' }],
    ['the actor of a peer: its link', { actor: 'two/x:2-1' }, { actor: 'two/x:2-1', link: 'tea|1-2', peer: 'tea|2' }],
    ['a mesh: its peer', { actor: 'one/x:0' }, { actor: 'one/x:0', peer: 'tea|1' }],
    ['an entry: its actor', { entry: 5 }, { entry: 5, actor: 'one/x:1-2', link: 'tea|1-2', peer: 'tea|1' }],
    ['a verdict: the pair', { entry: 4 }, { entry: 4, link: 'tea|1-4' }],
    ['what does not exist', { entry: 999, peer: 'tea|77' }, { entry: 999, peer: 'tea|77' }],
    ['nothing', {}, {}],
    [
      'more than one thing: as it is',
      { link: 'tea|1-3', actor: 'two/x:0' },
      { link: 'tea|1-3', actor: 'two/x:0', peer: 'tea|2' },
    ],
  ])('%s', (_name, chosen, completed) => {
    expect(completeSelection(session, chosen)).toEqual(completed)
  })

  test('what is shown while nothing is chosen', () => {
    expect(firstSelection(session)).toEqual({ actor: 'one/x:0', link: 'tea|1-2' })
    expect(firstSelection(new Session())).toEqual({})
  })

  test('of several actors of the same name the one that lives, or else the newest', () => {
    const teller = new Teller()
    const several = new Session()
    const peer = (sessionId: string) =>
      teller.actor('peer:2', 'peer', 1, { sessionId, state: 'connected', parentId: 'x:0' })
    several.applyAll([teller.mesh(1), peer('x:5'), teller.snapshot('x:5', 'close', { status: 'done' }), peer('x:6')])
    const between = several.links.get('tea|1-2')
    if (!between) throw new Error('no link')
    expect(actorOfEnd(several, between, 1)?.sessionId).toBe('p/x:6')
    expect(actorOfEnd(several, between, 2)).toBe(undefined)
    several.apply(teller.snapshot('x:6', 'close', { status: 'done' }))
    expect(actorOfEnd(several, between, 1)?.sessionId).toBe('p/x:6')
  })

  test('an actor that is no end of a link', () => {
    const mesh = session.actors.get('one/x:0')
    expect(mesh && linkOfActor(session, mesh)).toBe(undefined)
  })
})
