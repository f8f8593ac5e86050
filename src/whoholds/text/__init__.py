"""Bytes to clean text (`clean`), its layout (`blocks`), its language (`language`), its parse (`parse`)."""
