/** A guard or an action by its name, with the event as its parameters. */
export function given<Name extends string>(
  type: Name,
): { type: Name; params: <Event>(args: { event: Event }) => Event } {
  return { type, params: ({ event }) => event }
}
