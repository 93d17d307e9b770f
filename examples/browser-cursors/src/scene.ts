import type { Message, Point, Profile } from './wire.ts'

/** A line of the chat. */
export interface Line {
  readonly key: number
  /** Null for what nobody said: that somebody came or left. */
  readonly who: Profile | null
  readonly text: string
}

/** Another peer, as far as it has told of itself. */
export interface Person extends Profile {
  readonly cursor: Point | null
  /** What it said last. */
  readonly said: Line | null
}

/** What the page shows of everyone. */
export interface Scene {
  readonly people: ReadonlyMap<number, Person>
  readonly lines: readonly Line[]
}

export type SceneEvent =
  | { readonly is: 'heard'; readonly peer: number; readonly message: Message }
  | { readonly is: 'left'; readonly peer: number }
  | { readonly is: 'said'; readonly who: Profile; readonly text: string }
  /** The mesh was left, and with it everyone in it. */
  | { readonly is: 'alone' }

export const EMPTY_SCENE: Scene = { people: new Map(), lines: [] }

const MAX_LINES = 200

export function nextScene(scene: Scene, event: SceneEvent): Scene {
  switch (event.is) {
    case 'heard':
      return hear(scene, event.peer, event.message)
    case 'said':
      return withLine(scene, event.who, event.text)
    case 'left': {
      const person = scene.people.get(event.peer)
      const people = new Map(scene.people)
      people.delete(event.peer)
      return person ? withLine({ ...scene, people }, null, `${person.name} has left`) : scene
    }
    case 'alone':
      return { ...scene, people: new Map() }
  }
}

function hear(scene: Scene, peer: number, message: Message): Scene {
  const person = scene.people.get(peer)
  if (message.is === 'hello') {
    const { name, hue } = message
    if (person) return withPerson(scene, peer, { ...person, name, hue })
    return withLine(withPerson(scene, peer, { name, hue, cursor: null, said: null }), null, `${name} is here`)
  }
  // A cursor may come before the hello, as it takes another channel; the next one follows soon.
  if (!person) return scene
  if (message.is === 'cursor') return withPerson(scene, peer, { ...person, cursor: { x: message.x, y: message.y } })
  const heard = withLine(scene, person, message.text)
  return withPerson(heard, peer, { ...person, said: heard.lines.at(-1) ?? null })
}

function withPerson(scene: Scene, peer: number, person: Person): Scene {
  return { ...scene, people: new Map(scene.people).set(peer, person) }
}

function withLine(scene: Scene, who: Profile | null, text: string): Scene {
  const key = (scene.lines.at(-1)?.key ?? 0) + 1
  return { ...scene, lines: [...scene.lines, { key, who, text }].slice(-MAX_LINES) }
}
