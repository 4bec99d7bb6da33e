/** What the types of calls are tried on; never run. */
export interface Image {
  readonly width: number
}

export declare function resize(data: Uint8Array, width: number, options?: { upscale?: boolean }): Promise<Image>
export declare function square(x: number): number
export declare function shout(text: string): Promise<string>
export declare function nothing(): void
export declare function add(a: number, b: number): number
export declare function close(state: { url: string }): void
export declare function setup(url: string, retries: number): { url: string }
export declare function maybeSetup(url?: string): void
export declare function lines(path: string): Generator<string>
export declare function rows(path: string): AsyncGenerator<string>
export declare function parse(text: string): string
export declare function parse(text: string, radix: number): number
export declare const LIMIT: 5
