import type { Inspection } from '../../../../../src/services/inspector/inspection.ts'
import type { InspectorMessage } from '../../../../../src/services/inspector/wire/messages.ts'

type Of<Type extends InspectorMessage['type']> = Extract<InspectorMessage, { readonly type: Type }>

/** What an inspection tells, from now on. */
export class Heard {
  readonly messages: InspectorMessage[] = []
  #read = 0

  constructor(inspection: Inspection) {
    inspection.start((message) => {
      this.messages.push(message)
    })
  }

  of<Type extends InspectorMessage['type']>(type: Type): Of<Type>[] {
    return this.messages.filter((message): message is Of<Type> => message.type === type)
  }

  /** Names of actors by their session ids. */
  get names(): Map<string, string> {
    return new Map(this.of('@xstate.actor').map(({ sessionId, name }) => [sessionId, name]))
  }

  /** Names of the actors that were told of and have not ended since. */
  get living(): string[] {
    const living = new Map<string, string>()
    for (const message of this.messages) {
      if (message.type === '@xstate.actor') living.set(message.sessionId, message.name)
      if (message.type === '@xstate.snapshot' && message.snapshot.status !== 'active') living.delete(message.sessionId)
    }
    return [...living.values()]
  }

  /** Each message since this was last asked, in a line. */
  lines(): string[] {
    const { names } = this
    const unread = this.messages.slice(this.#read)
    this.#read = this.messages.length
    return unread.map((message) => {
      if (message.type === '@xstate.actor') {
        const { name, kind, parentId, snapshot } = message
        return `actor ${name} (${kind}) in ${JSON.stringify(snapshot.value)}${parentId === undefined ? '' : ` of ${names.get(parentId)}`}`
      }
      if (message.type === '@xstate.event') {
        const { sessionId, event, sourceId } = message
        return `event ${event.type} to ${names.get(sessionId)}${sourceId === undefined ? '' : ` from ${names.get(sourceId)}`}`
      }
      if (message.type === '@xstate.snapshot') {
        const { sessionId, snapshot, event, transitions = [] } = message
        const steps = transitions.map(({ from, to, eventType }) => `${from} -${eventType}-> ${to.join()}`)
        return [
          `${names.get(sessionId)} ${snapshot.status} in ${JSON.stringify(snapshot.value)} by ${event.type}`,
          ...steps,
        ].join('; ')
      }
      return message.type
    })
  }
}

/** How often a system is listened to, from now on. */
export function countObservers(actor: { readonly system: { inspect: (observer: never) => { unsubscribe(): void } } }): {
  count: number
} {
  const counter = { count: 0 }
  const { system } = actor
  const { inspect } = system
  system.inspect = (observer) => {
    const subscription = inspect(observer)
    counter.count++
    return {
      unsubscribe: () => {
        counter.count--
        subscription.unsubscribe()
      },
    }
  }
  return counter
}
