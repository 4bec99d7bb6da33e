/**
 * Single keys, without Enter, while the census runs on a terminal. A terminal that gives single keys makes no signal of
 * Ctrl-C any more, so that is done here. Where there is no terminal to type on, it is not `listening`.
 */
export interface Keys {
  listening: boolean
  dispose(): void
}

export function listenForKeys(onKey: (key: string) => void): Keys {
  const { stdin } = process
  if (!stdin.isTTY || !process.stderr.isTTY) return { listening: false, dispose() {} }
  const onData = (keys: string) => {
    for (const key of keys) {
      if (key === ctrlC) process.kill(process.pid, 'SIGINT')
      else onKey(key)
    }
  }
  stdin.setRawMode(true)
  stdin.setEncoding('utf8').on('data', onData)
  return {
    listening: true,
    dispose() {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

const ctrlC = '\x03'
