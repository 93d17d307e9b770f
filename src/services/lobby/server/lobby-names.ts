import { randomInt } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** As long as the names that Godot's demo makes: 95 bits, so a name is as good as a password. */
const LENGTH = 16

/** A name for a lobby whose creator gave none. */
export function randomLobbyName(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** Whether there can be a lobby of that name. */
export function isLobbyName(name: string): boolean {
  return /^[\w.-]{1,64}$/.test(name)
}
