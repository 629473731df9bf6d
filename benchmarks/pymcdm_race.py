"""The same replicates in pymcdm, run by an interpreter that has it: one at a time, as the package is used.

    python pymcdm_race.py given.npz answers.npz rounds

reads matrix (units × indicators), types, weights (replicates × indicators) and geometric (replicates), writes how often
each unit came to each place in the arithmetic replicates, and prints its times as JSON. It imports nothing of this
project.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from pymcdm.helpers import rankdata
from pymcdm.methods import WPM, WSM
from pymcdm.normalizations import minmax_normalization


def main(given: str, answers: str, rounds: int) -> None:
    data = np.load(given)
    matrix, types = data["matrix"], data["types"]
    methods = (WSM(normalization_function=minmax_normalization), WPM(normalization_function=minmax_normalization))
    times = []
    for _ in range(rounds):
        counts = np.zeros((len(matrix), len(matrix)), np.int64)
        every = np.arange(len(matrix))
        started = time.perf_counter()
        for weights, geometric in zip(data["weights"], data["geometric"], strict=True):
            preferences = methods[int(geometric)](matrix, weights, types)
            places = rankdata(preferences, reverse=True)
            if not geometric:
                counts[every, places.astype(int) - 1] += 1
        times.append((time.perf_counter() - started) / len(data["weights"]))
    np.savez(answers, counts=counts)
    print(json.dumps({"replicate": times}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
