/**
 * States and transitions of each model with the events of its suite. A specification that shrinks, as by a guard that lets less through or an event that was left out, is
 * covered to 100 % all the same; here it shows. Whoever changes a specification looks whether the difference is what was meant, and writes it down.
 */
export const TOTALS: Readonly<Record<string, readonly [states: number, transitions: number]>> = {
  'peer actor': [173, 1791],
  'peer of a mesh': [47, 408],
  'Godot 4, mesh, 2 peers': [29, 412],
  'Godot 4, server, 2 peers': [11, 82],
  'Godot 4, client': [10, 89],
  'Godot 3, no compatibility, 2 peers': [11, 82],
  'Godot 3, compatible server, 2 peers': [11, 82],
  'Godot 3, compatible, server and 1 peer': [36, 489],
  'Godot 3, compatible, server and 1 peer, disconnecting': [20, 154],
  'Godot 4, mesh, 3 peers': [39, 460],
  'Godot 4, server, 3 peers': [39, 460],
  'Godot 3, no compatibility, 3 peers': [39, 460],
  'Godot 3, compatible server, 3 peers': [39, 460],
  'Godot 3, compatible, server and 2 peers': [67, 799],
  'Godot 3, compatible, server and 2 peers, disconnecting': [83, 989],
  'lobby session of a guest': [32, 100],
  'lobby session of a guest of a lobby that outlives its host': [91, 272],
  "lobby session of a guest at Godot's demo server": [18, 51],
  'lobby session of a host': [33, 100],
  'lobby session of a host of a lobby that outlives it': [77, 245],
  "lobby session of a host at Godot's demo server": [15, 36],
  'admission, a relaying server': [11, 93],
  'admission, a server that does not relay': [11, 93],
  'admission, a relaying server with authentication': [23, 251],
  'admission, clients that report lost peers': [11, 93],
  'authentication by callback and authenticate': [41, 742],
  'authentication by callback and none': [16, 246],
  'authentication by none and authenticate': [23, 370],
}
