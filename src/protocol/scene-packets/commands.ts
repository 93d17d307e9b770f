/** Commands of packets of Godot 4: the lower three bits of its first byte. The upper four are flags of the command. */
export const COMMANDS = {
  REMOTE_CALL: 0,
  SIMPLIFY_PATH: 1,
  CONFIRM_PATH: 2,
  RAW: 3,
  SPAWN: 4,
  DESPAWN: 5,
  SYNC: 6,
  SYS: 7,
} as const

export const COMMAND_MASK = 7

/** On SYNC: it tells changed properties only, and reliably. */
export const FLAG_DELTA = 1 << 4

/** Second bytes of SYS packets. */
export const SYSTEM_COMMANDS = {
  AUTH: 0,
  ADD_PEER: 1,
  DEL_PEER: 2,
  RELAY: 3,
} as const

/** First bytes of packets of Godot 3, which have no flags. */
export const COMMANDS_3 = {
  REMOTE_CALL: 0,
  REMOTE_SET: 1,
  SIMPLIFY_PATH: 2,
  CONFIRM_PATH: 3,
  RAW: 4,
} as const
