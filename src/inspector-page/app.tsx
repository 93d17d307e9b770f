import { type DragEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { inputsOfPage } from './inputs/inputs-of-page.ts'
import { openFile, openUrl } from './inputs/open-recording.ts'
import { type LogFilter, matches, NO_FILTER } from './model/log-filter.ts'
import { completeSelection, type Selection } from './model/selection.ts'
import type { LogEntry } from './model/state.ts'
import { ReplayBar } from './replay/replay-bar.tsx'
import { Steps } from './replay/steps.ts'
import { Failures } from './shell/failures.tsx'
import { Header } from './shell/header.tsx'
import { HelpDialog } from './shell/help-dialog.tsx'
import { LiveRegion } from './shell/live-region.tsx'
import { Notices } from './shell/notices.tsx'
import { Panes, type View } from './shell/panes.tsx'
import { type Shortcut, useShortcuts } from './shell/shortcuts.ts'
import { useStored } from './shell/use-stored.ts'
import { useTheme } from './shell/use-theme.ts'
import { useVersion } from './shell/use-version.ts'
import { Timeline } from './timeline/timeline.tsx'
import { Workbench } from './workbench.ts'

const VIEWS: readonly View[] = ['topology', 'list', 'statechart', 'plots', 'timeline']

export function App(): ReactNode {
  const [workbench] = useState(() => new Workbench())
  useVersion(workbench)
  const { session, recording, player } = workbench
  const [selection, setSelection] = useState<Selection>({})
  const [filter, setFilter] = useState<LogFilter>(NO_FILTER)
  const [paused, setPaused] = useState<readonly LogEntry[] | null>(null)
  const [focused, setFocused] = useState<{ readonly view: View } | null>(null)
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [hasKeys, setKeys] = useStored<boolean>('single-keys', true)
  const [theme, nextTheme] = useTheme()
  const fileInput = useRef<HTMLInputElement>(null)
  const search = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const ends = inputsOfPage(window).map((input) => workbench.listen(input))
    const page = new URL(location.href)
    const address = page.searchParams.get('recording')
    if (address !== null) void workbench.open(openUrl(address, page))
    return () => ends.forEach((end) => end())
  }, [workbench])

  const select = useCallback((chosen: Selection) => setSelection(completeSelection(session, chosen)), [session])
  useEffect(() => {
    setPaused(null)
    // Entries of another session have nothing to do with those of this one.
    const entry = recording && recording.entry >= 0 ? recording.entry : null
    setSelection(({ entry: _, ...others }) => (entry === null ? others : completeSelection(session, { entry })))
  }, [session, recording])
  const steps = useMemo(() => {
    if (!recording || !player) return null
    const arrived = (entry: number): void => select({ entry })
    return new Steps(recording, player, (entry) => matches(filter, entry), arrived)
  }, [recording, player, filter, select])

  const showEntry = (entry: LogEntry | null): void => {
    if (entry === null) setSelection(({ entry: _, ...others }) => others)
    else if (steps) steps.to(entry.index)
    else select({ entry: entry.index })
  }
  /** As everything was after an entry of what is live. */
  const showMoment = (entry: LogEntry): void => {
    if (recording) {
      showEntry(entry)
      return
    }
    workbench.rewind()
    const now = workbench.recording
    const same = now?.entries.find(({ source, seq }) => source === entry.source && seq === entry.seq)
    if (same) now?.seekToEntry(same.index)
  }
  const open = (file: File | undefined): void => {
    if (file) void workbench.open(openFile(file))
  }
  const rewind = (): void => {
    if (recording) workbench.backToLive()
    else if (workbench.hasTape) workbench.rewind()
  }
  const pause = (): void => setPaused(paused ? null : [...session.log])
  const save = (): void => {
    if (workbench.hasTape) download(workbench.save())
  }
  const chooseFile = (): void => fileInput.current?.click()

  const shortcuts: readonly Shortcut[] = [
    { key: '?', does: 'these keys', run: () => setHelpOpen(true) },
    { key: '/', does: 'search the timeline', run: () => search.current?.focus() },
    ...VIEWS.map((view, i) => ({ key: String(i + 1), does: `to the ${view}`, run: () => setFocused({ view }) })),
    { key: ' ', shown: 'space', does: 'play or pause', run: () => (steps ? steps.toggle() : pause()) },
    { key: 'k', does: 'previous entry of a recording', run: () => steps?.entry(-1) },
    { key: 'j', does: 'next entry', run: () => steps?.entry(1) },
    { key: 'K', does: 'previous transition', run: () => steps?.transition(-1) },
    { key: 'J', does: 'next transition', run: () => steps?.transition(1) },
    { key: 'r', does: 'rewind what is live, or back to live', run: rewind },
    { key: 'o', does: 'open a recording', run: chooseFile },
    { key: 's', does: 'save what was live', run: save },
    { key: 't', does: 'next theme', run: nextTheme },
  ]
  useShortcuts(shortcuts, hasKeys)

  return (
    <div
      className="app"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        open(event.dataTransfer.files[0])
      }}
    >
      <Header
        workbench={workbench}
        theme={theme}
        onTheme={nextTheme}
        onOpen={chooseFile}
        onSave={save}
        onRewind={rewind}
        onHelp={() => setHelpOpen(true)}
      />
      <Notices workbench={workbench} />
      <Failures key={recording?.name ?? 'live'} session={session} recording={recording} onShow={showMoment} />
      <Panes
        session={session}
        selection={selection}
        onSelect={select}
        onOpen={chooseFile}
        focused={focused}
        timeline={
          <Timeline
            session={session}
            recording={recording}
            selection={selection}
            onEntry={showEntry}
            onMoment={showMoment}
            filter={filter}
            onFilter={setFilter}
            paused={recording ? null : paused}
            onPause={pause}
            search={search}
          />
        }
      />
      {recording && player && steps && <ReplayBar recording={recording} player={player} steps={steps} />}
      {!recording && <LiveRegion session={session} />}
      {isHelpOpen && (
        <HelpDialog shortcuts={shortcuts} areOn={hasKeys} onToggle={setKeys} onClose={() => setHelpOpen(false)} />
      )}
      <input
        ref={fileInput}
        className="hidden"
        type="file"
        accept=".jsonl,.ndjson,application/jsonl"
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ target }) => {
          open(target.files?.[0])
          // The same file may be chosen again.
          target.value = ''
        }}
      />
    </div>
  )
}

function download({ blob, name }: { readonly blob: Blob; readonly name: string }): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}
