import { useEffect, useRef } from 'react'

export interface Shortcut {
  /** As `KeyboardEvent.key` has it. */
  readonly key: string
  /** As it is written in the help; default is `key`. */
  readonly shown?: string
  readonly does: string
  readonly run: () => void
}

/** Where keys are typed, or mean something already. */
const TYPING = 'input:not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]'
const PRESSABLE = 'button, summary, a, [role=tab], input'

/** Single keys, from anywhere on the page but where something is typed. */
export function useShortcuts(shortcuts: readonly Shortcut[], isOn: boolean): void {
  const current = useRef(shortcuts)
  useEffect(() => {
    current.current = shortcuts
  }, [shortcuts])
  useEffect(() => {
    if (!isOn) return
    const press = (event: KeyboardEvent): void => {
      const { key, target } = event
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (!(target instanceof Element) || target.closest(TYPING) !== null || document.querySelector('dialog[open]'))
        return
      if (key === ' ' && target.closest(PRESSABLE) !== null) return
      const shortcut = current.current.find((each) => each.key === key)
      if (!shortcut) return
      event.preventDefault()
      shortcut.run()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [isOn])
}
