import { useState } from 'react'

const PREFIX = 'webrtc-multiplayer-inspector.'

/** A choice that this browser remembers. */
export function useStored<Value extends string | number | boolean>(
  name: string,
  initial: Value,
): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => read(name, initial))
  const store = (next: Value): void => {
    setValue(next)
    write(name, next)
  }
  return [value, store]
}

function read<Value>(name: string, initial: Value): Value {
  try {
    const value = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') as unknown
    return typeof value === typeof initial ? (value as Value) : initial
  } catch {
    // Storage may be forbidden, as in a frame of another origin.
    return initial
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // Then it is remembered until the page is closed.
  }
}
