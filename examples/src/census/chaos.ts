/** Kills a worker once, when two fifths of the work are done: late enough to be at work, early enough to matter. */
export function killMidway(total: number, kill: () => void): (done: number) => void {
  const at = Math.max(1, Math.floor(total * 0.4))
  return (done) => {
    if (done === at) kill()
  }
}
