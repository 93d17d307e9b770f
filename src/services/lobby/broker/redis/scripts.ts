import { createHash } from 'node:crypto'
import { CHANGE, COUNT, CREATE, JOIN, LEAVE, LIST, RESUME } from './scripts/members.ts'
import { PRELUDE } from './scripts/prelude.ts'
import { REGISTER, RENEW, RESTORE, SETTLE, UNREGISTER } from './scripts/servers.ts'

/** A script that Redis carries out as one step: its text and the name under which Redis keeps it. */
export interface Script {
  readonly lua: string
  readonly sha: string
}

function script(body: string): Script {
  const lua = PRELUDE + body
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

export const SCRIPTS = {
  create: script(CREATE),
  join: script(JOIN),
  resume: script(RESUME),
  leave: script(LEAVE),
  change: script(CHANGE),
  list: script(LIST),
  count: script(COUNT),
  register: script(REGISTER),
  renew: script(RENEW),
  restore: script(RESTORE),
  settle: script(SETTLE),
  unregister: script(UNREGISTER),
} as const

export type ScriptName = keyof typeof SCRIPTS
