"""The county horse race: units scored exactly by a scheme, how sure each place is, and what would move it.

`scheme` says what is scored and `validation` whether it can be; `scoring.score` scores, `run` is what it found;
`published` writes and recomputes the file anybody may check, `comparing` tells two runs apart. `checks` asks about
figures beforehand, `weights` and `doubt` help to find weights. `replicates` and `sensitivity` tell how sure places are
(they compile at the first call: some seconds once a machine), `moves` and `whatif` what would change them.
"""
