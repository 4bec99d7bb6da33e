"""What Python's own Pool takes for the rounds of pools.ts: prints milliseconds, or tasks per second."""
import sys
import time
from itertools import islice
from multiprocessing import Pool

WORKERS, MANY, SOME, IN_FLIGHT, LARGE, LARGE_ONES = 2, 1_000_000, 100_000, 64, 64 * 1024 * 1024, 8


def square(x):
    return x * x


def echo(data):
    return data


def apply(pool):
    """Results in order, 64 in flight."""
    pending = [pool.apply_async(square, (x,)) for x in range(IN_FLIGHT)]
    for x in range(SOME):
        assert pending[x % IN_FLIGHT].get() == x * x
        if x + IN_FLIGHT < SOME:
            pending[x % IN_FLIGHT] = pool.apply_async(square, (x + IN_FLIGHT,))


def large(pool):
    data = b"\7" * LARGE
    for _ in range(LARGE_ONES):
        assert len(pool.apply(echo, (data,))) == LARGE


ROUNDS = {
    "map": lambda pool: pool.map(square, range(MANY)),
    # Of a source without end it would pull without end: so here it is as long as what is taken.
    "imap": lambda pool: sum(1 for _ in islice(pool.imap(square, range(SOME)), SOME)),
    "apply": apply,
    "large": large,
}

if __name__ == "__main__":
    name = sys.argv[1]
    with Pool(WORKERS) as pool:
        start = time.perf_counter()
        ROUNDS[name](pool)
        seconds = time.perf_counter() - start
    print(SOME / seconds if name == "apply" else seconds * 1000)
