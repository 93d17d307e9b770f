/** A turn of the event loop in which something was sent. */
export interface SendTurn {
  /** When it ended, by `performance.now()`; undefined while it goes on. */
  endedAt: number | undefined
}

let present: SendTurn | undefined

/** The turn that goes on. The clock is read once at its end: read at every send it would be a twentieth of what sending takes. */
export function presentTurn(): SendTurn {
  return (present ??= begin())
}

function begin(): SendTurn {
  const turn: SendTurn = { endedAt: undefined }
  queueMicrotask(() => {
    turn.endedAt = performance.now()
    present = undefined
  })
  return turn
}
