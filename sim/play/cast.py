"""What is to be played: variants of scenarios by number, the futures that they meet, and what is measured of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model


class Variants(Protocol):
    """Models by number. Worker processes get a copy, so it should be small and quick to look up."""

    def model(self, number: int) -> Model:
        """Return a variant, ready to be played."""

    def family(self, number: int) -> int:
        """Return the number of its family: variants of a family differ in the values of numbers alone."""


@dataclass(frozen=True)
class Several:
    """A few models, each a family of its own."""

    models: Sequence[Model]

    def model(self, number: int) -> Model:
        """Return the model of this number."""
        return self.models[number]

    def family(self, number: int) -> int:
        """Return the number itself."""
        return number


@dataclass(frozen=True)
class Cast:
    """What is to be played.

    Attributes
    ----------
    variants
        The models.
    seed
        The study's seed: all variants meet the same chance, replication by replication.
    names
        The outcomes to be measured; None for all that the model has.
    diaries
        Whether the course of each replication is kept, see `sim.rules.diary`, and not its outcomes alone.
    forgiving
        Whether a variant that cannot be played to the end gives a chunk that says so, instead of an error.
    """

    variants: Variants
    seed: int
    names: tuple[str, ...] | None = None
    diaries: bool = False
    forgiving: bool = False

    def catalogue(self, model: Model) -> Catalogue:
        """Return what is measured of a variant, in order.

        Raises
        ------
        KeyError
            If the variant does not have an outcome.
        """
        whole = expand(model)
        if self.names is None:
            return whole
        by_name = {item.name: item for item in whole.outcomes}
        return Catalogue(tuple(by_name[name] for name in self.names), ())


def solo(model: Model, seed: int, names: tuple[str, ...] | None = None, diaries: bool = False) -> Cast:
    """Return the cast of a single model."""
    return Cast(Several((model,)), seed, names, diaries)
