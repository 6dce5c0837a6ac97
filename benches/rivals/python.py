"""The text stores of Python (and, behind them, of C++) on a list of words: `python3 benches/rivals/python.py WORDS`.

Install those that you want to see, for example into a folder of its own:

    python3 -m venv peers
    for name in marisa-trie DAWG2 datrie hat-trie pyahocorasick; do peers/bin/pip install $name; done

What is not there, or does not build (hat-trie with a new Python), is left out. A lookup has the price of a call from Python in it, about 50 ns.
"""

import importlib
import random
import statistics
import sys
import time

ASKED = 200_000
ROUNDS = 5


def module(name):
    """The module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def nanoseconds(work, times):
    """The median of some rounds, for each of so many questions."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.thread_time_ns()
        work()
        rounds.append((time.thread_time_ns() - start) / times)
    return statistics.median(rounds)


def stored(store):
    """Bytes of the store as a file, where it can be one."""
    for name in ("tobytes", "__getstate__"):
        if hasattr(store, name):
            try:
                data = getattr(store, name)()
            except Exception:  # Each package says in its own way that it can't.
                continue
            if isinstance(data, bytes):
                return len(data)
    return None


def stores(words):
    """Name and maker of every store that is installed."""
    yield "set", lambda: set(words)
    if marisa := module("marisa_trie"):
        yield "marisa_trie.Trie", lambda: marisa.Trie(words)
    if dawg := module("dawg"):
        yield "dawg.DAWG", lambda: dawg.DAWG(words)
        yield "dawg.IntDAWG", lambda: dawg.IntDAWG((word, i) for i, word in enumerate(words))
    if datrie := module("datrie"):

        def trie():
            made = datrie.BaseTrie({letter for word in words for letter in word})
            for i, word in enumerate(words):
                made[word] = i
            return made

        yield "datrie.BaseTrie", trie
    if hat := module("hat_trie"):

        def hat_trie():
            made = hat.Trie()
            for i, word in enumerate(words):
                made[word] = i
            return made

        yield "hat_trie.Trie", hat_trie
    if ahocorasick := module("ahocorasick"):

        def automaton():
            made = ahocorasick.Automaton()
            for i, word in enumerate(words):
                made.add_word(word, i)
            return made

        yield "ahocorasick.Automaton", automaton


def main(path):
    with open(path, encoding="utf-8") as file:
        words = sorted(set(file.read().split("\n")) - {""})
    draw = random.Random(7)
    hits = [draw.choice(words) for _ in range(ASKED)]
    known = set(words)
    misses = [miss for word in hits if (miss := word[:-1] + draw.choice("abcdefghij")) not in known]
    print("| store | bytes a key | build, ns a key | hit, ns | miss, ns |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, make in stores(words):
        start = time.thread_time_ns()
        store = make()
        build = (time.thread_time_ns() - start) / len(words)
        assert all(word in store for word in hits), name
        assert not any(word in store for word in misses), name
        size = stored(store)
        hit = nanoseconds(lambda: [word in store for word in hits], len(hits))
        miss = nanoseconds(lambda: [word in store for word in misses], len(misses))
        size = f"{size / len(words):.2f}" if size else ""
        print(f"| {name} | {size} | {build:.0f} | {hit:.0f} | {miss:.0f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
