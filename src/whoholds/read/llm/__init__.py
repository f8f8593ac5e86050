"""`llm`: reports read by a language model behind an OpenAI-compatible endpoint, verified word for word.

`settings` says where it is, `prompt` and `schema` what is asked, `transport` asks it (the only I/O),
`answer` checks the labels, `locate`, `voices`, `when` and `build` hold the words against the text.
"""

from whoholds.read.llm.reader import LlmReader
from whoholds.read.llm.settings import LlmSettings, read_settings
from whoholds.read.llm.transport import Transport

__all__ = ["LlmReader", "LlmSettings", "Transport", "read_settings"]
