"""Findings about claims: what cannot both be so (`contradictions`), figures that are held against each
other (`figures`), forecasts that are scored (`forecasts`)."""
