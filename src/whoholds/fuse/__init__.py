"""Claims to control: what sources say becomes, for every unit and day, a probability of each holder.

Pure: arrays in and out, no store, no clock, no network. `control.fuse_claims` is the whole path:
`evidence` (claims to columns) → `sources` (what a source's words are worth) → `hmm` (states in time).
`places` is the contract's section 3, `explain` says which claims moved a number.
"""
