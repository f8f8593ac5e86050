"""The project's own scores: what a reader put out against gold in the contract's format.

Enters: gold and predicted records, one a report. Leaves: metrics, errors by kind, and the worst examples,
for whoever improves the reader next. Metrics are defined at the top of each module.
"""
