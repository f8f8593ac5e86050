"""Trains the network of `whoholds.read.network` on the project's own gold."""
