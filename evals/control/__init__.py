"""What a record of control is worth beside simple methods, with intervals, and whether its numbers mean what
they say.

    python -m evals.control gain --truth truth.csv --claims claims.jsonl --places places.csv \\
        --predicted out.csv --scores scores.json
    python -m evals.control reliability --out docs/img/reliability.svg NAME=scores.json …

All inputs are of the contract's forms: claims (JSON Lines), places, the output of `whoholds control`. The
truth is a table of change points: `place_id,from,status`, each status holding until the place's next row, an
empty one for silence. Run from the root of the repository.
"""
