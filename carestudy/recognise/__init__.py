"""What a folder of exports seems to be: the guesses that a care.toml is begun with."""

from carestudy.recognise.proposal import Proposal
from carestudy.recognise.reading import propose

__all__ = ["Proposal", "propose"]
