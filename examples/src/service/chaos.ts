/**
 * Kills one of the service's processes: all but its main one are in its tree. False when it did not, since less than two
 * are there right now: to starve a service, on a machine too slow to start processes that fast, shows nothing.
 */
export async function killSomebody(url: string): Promise<boolean> {
  const tree = await (await fetch(`${url}/tree`)).text()
  const pids = Array.from(tree.matchAll(/process (\d+)/g), ([, pid]) => Number(pid))
  const pid = pids[Math.floor(Math.random() * pids.length)]
  if (pid === undefined || pids.length < 2) return false
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
    return false
  }
}
