"""Wars drawn at random, told by sources of known habits, and what the record makes of them.

    python -m benchmarks.simulate coverage|recovery|calibration|degradation|write [--cases N] [--seed N]

`world` draws who held what (places on a plane, a front that moves in bursts, pockets, contested passage),
`voices` has sources say it in claims of the contract's form, each with habits that are known here and
nowhere else, and `runs` hands the claims to the real fusion and compares. Nothing of the drawn truth reaches
the fusion but the start line.
"""
