import { TransferMode } from 'webrtc-multiplayer'

globalThis.outcome = TransferMode.RELIABLE
