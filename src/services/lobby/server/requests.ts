import { type CreateData, parseExtension } from '../../../protocol/lobby/extension.ts'
import { isMetadata, MAX_METADATA, MAX_METADATA_BYTES } from '../../../protocol/lobby/metadata.ts'
import { isLobbyName } from './lobby-names.ts'

/** CREATE with its defaults. */
export type CreateRequest = Required<Omit<CreateData, 'name'>> & { readonly name: string | null }

/** What is wrong with a request, in words for who wrote the client. */
export interface BadRequest {
  readonly problem: string
}

/** How metadata has to be, in words. */
export const METADATA_RULE = `must be a string of at most ${MAX_METADATA} characters, and ${MAX_METADATA_BYTES} bytes as JSON`

/** Lobbies in one LIST at most. */
export const MAX_LIST = 100

/** What a lobby is like that was created with Godot's JOIN. */
export function plainCreation(isMesh: boolean, maxMembers: number): CreateRequest {
  return {
    mode: isMesh ? 'mesh' : 'client-server',
    name: null,
    orJoin: false,
    listed: false,
    maxMembers,
    onHostLeave: 'close',
    metadata: '',
  }
}

/**
 * Reads the data of CREATE. Members that it does not know are ignored, so that newer clients may say more.
 *
 * @param limit - members of a lobby at most; asking for more gives that many.
 */
export function parseCreate(data: string, limit: number): CreateRequest | BadRequest {
  const value = parseExtension(data)
  if (value === null || Array.isArray(value)) return bad('must be a JSON object')
  const given = value as Record<string, unknown>
  const { mode, name = null, orJoin = false, listed = false, maxMembers = limit } = given
  const { onHostLeave = 'close', metadata = '' } = given
  if (mode !== 'mesh' && mode !== 'client-server') return bad(`needs a mode, 'mesh' or 'client-server'`)
  if (name !== null && !(typeof name === 'string' && isLobbyName(name))) {
    return bad('name must be 1 to 64 letters, digits, dots, underscores and hyphens')
  }
  if (typeof orJoin !== 'boolean') return bad('orJoin must be true or false')
  if (orJoin && name === null) return bad('orJoin needs a name')
  if (typeof listed !== 'boolean') return bad('listed must be true or false')
  if (!isCount(maxMembers)) return bad('maxMembers must be a whole number from 1 on')
  if (onHostLeave !== 'close' && onHostLeave !== 'keep') return bad(`onHostLeave must be 'close' or 'keep'`)
  if (onHostLeave === 'keep' && mode !== 'mesh') return bad(`onHostLeave can be 'keep' in a mesh only`)
  if (!isMetadata(metadata)) return bad(`metadata ${METADATA_RULE}`)
  return { mode, name, orJoin, listed, maxMembers: Math.min(maxMembers, limit), onHostLeave, metadata }
}

/** Reads the data of LIST: how many lobbies at most. Without data: as many as can be. */
export function parseListQuery(data: string): number | BadRequest {
  if (data === '') return MAX_LIST
  const value = parseExtension(data)
  if (value === null || Array.isArray(value)) return { problem: 'LIST: must be a JSON object, or empty' }
  const { limit = MAX_LIST } = value as Record<string, unknown>
  return isCount(limit) ? Math.min(limit, MAX_LIST) : { problem: 'LIST: limit must be a whole number from 1 on' }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1
}

function bad(problem: string): BadRequest {
  return { problem: `CREATE: ${problem}` }
}
