import { useLayoutEffect } from 'react'
import { useStored } from './use-stored.ts'

/** `auto` is what the system says. */
export type Theme = 'auto' | 'light' | 'dark'

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' }

/** The theme, and what goes to the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const [stored, store] = useStored<string>('theme', 'auto')
  const theme: Theme = stored === 'light' || stored === 'dark' ? stored : 'auto'
  useLayoutEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  return [theme, () => store(NEXT[theme])]
}
