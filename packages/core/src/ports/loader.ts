/** Loads exports of modules by URL, and only of those that were announced. */
export interface Loader {
  announce(url: string): void
  /** Rejects with NotPortableError for a module that was not announced, or an export that it does not have. */
  load(url: string, name: string): Promise<unknown>
}
