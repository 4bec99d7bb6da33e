/** What is written to the console's error stream while `body` runs. */
export async function reports(body: () => unknown): Promise<string[]> {
  const written: string[] = []
  const { error } = console
  console.error = (...parts: unknown[]) => void written.push(parts.map(String).join(' '))
  try {
    await body()
  } finally {
    console.error = error
  }
  return written
}
