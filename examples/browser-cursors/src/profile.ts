import { MAX_NAME, type Profile } from './wire.ts'

const KEY = 'cursors.profile'
const NAMES = ['Otter', 'Heron', 'Lynx', 'Marten', 'Puffin', 'Ibex', 'Kestrel', 'Badger', 'Wren', 'Salmon']

const anyOf = <T>(things: readonly T[]): T => things[Math.floor(Math.random() * things.length)] as T

/** Who this tab is at first: as the address says (`?name=Ada&hue=200`), as before a reload, or somebody. */
export function firstProfile(): Profile {
  const asked = new URLSearchParams(location.search)
  const saved = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Profile>
  const hue = Number(asked.get('hue') ?? saved.hue ?? Math.floor(Math.random() * 360))
  return {
    name: (asked.get('name') ?? saved.name ?? anyOf(NAMES)).slice(0, MAX_NAME),
    hue: Number.isInteger(hue) ? Math.abs(hue) % 360 : 0,
  }
}

export function saveProfile(profile: Profile): void {
  sessionStorage.setItem(KEY, JSON.stringify(profile))
}
