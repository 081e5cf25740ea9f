"""What is to be played: numbered variants of scenarios, the seed they share, and the outcomes to measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model


class Variants(Protocol):
    """Models by number. Worker processes get a copy, so it should be small, and looking up a model quick."""

    def model(self, number: int) -> Model:
        """Return a variant, ready to be played."""

    def family(self, number: int) -> int:
        """Return the number of its family: the variants of a family differ only in the values of their numbers."""


@dataclass(frozen=True)
class Several:
    """A few models, each in a family by itself."""

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
        The seed. All variants share its random numbers, replication by replication.
    names
        The outcomes to measure; None for all that the model has.
    diaries
        Whether to keep the course of each replication as well as its outcomes; see `sim.rules.diary`.
    forgiving
        Whether a variant that cannot be played to the end gives a chunk that says so instead of an error.
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
        catalogue = expand(model)
        if self.names is None:
            return catalogue
        by_name = {item.name: item for item in catalogue.outcomes}
        return Catalogue(tuple(by_name[name] for name in self.names), ())


def solo(model: Model, seed: int, names: tuple[str, ...] | None = None, diaries: bool = False) -> Cast:
    """Return the cast of a single model."""
    return Cast(Several((model,)), seed, names, diaries)
