/** What the types of processes and pipes are tried on; never run. */
import type { PipeReader, Queue } from '@troupe/transport-node'

export declare function produce(name: string, queue: Queue<string>): Promise<void>
export declare function read(end: PipeReader<Date>): Promise<void>
export declare function readText(end: PipeReader<string>): Promise<void>
export declare function nothing(): void
export declare function lines(): Generator<string>
