"""Blocks of memory as compiled code sees them: an address, whose fields have the names of a dataclass.

See `sim.clocks.layout` for what is where. Compiled code takes and sets numbers by name, and entries of lists by name
and number. It never asks how long a list is. Numba is told 0, which also spares it the question whether a number counts
from the end.
"""

from dataclasses import fields
from typing import Any

from llvmlite import ir
from numba import from_dtype, types
from numba.core import cgutils
from numba.core.datamodel.models import OpaqueModel
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, register_model
from numba.np.arrayobj import make_array, populate_array
from numpy import dtype

from sim.clocks.layout import ITEMS, STREAM_WORDS, block_type, parts_of
from sim.rules.streams import Stream, Streams

WORD = 8


class Block(types.Type):  # type: ignore[misc]
    """The type of a block that is laid out like a dataclass."""

    def __init__(self, kind: type[Any]) -> None:
        super().__init__(name=f"Block({kind.__name__})")
        numbers, lists = parts_of(kind)
        offsets: Any = block_type(kind, dict.fromkeys(lists, 1)).fields
        self.numbers = {name: (from_dtype(dtype(number)), offsets[name][1]) for name, number in numbers.items()}
        self.lists = {name: (_array(type_), WORD * place) for place, (name, type_) in enumerate(lists.items())}


def _array(type_: Any) -> Any:
    return types.Array(from_dtype(dtype(ITEMS[type_])), 2 if type_ == list[Stream] else 1, "C")


def block(kind: type[Any]) -> Any:
    """Return a function for compiled code that takes an array's memory as a block."""
    made = Block(kind)

    @intrinsic  # type: ignore[untyped-decorator]
    def read(typingctx: Any, words: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(make_array(words)(context, builder, arguments[0]).data, cgutils.voidptr_t)

        return made(words), generate

    return read


@intrinsic  # type: ignore[untyped-decorator]
def rows_of(typingctx: Any, words: Any) -> Any:
    """Take the memory of a block of streams as rows, those of all lists one after another."""
    rows = _array(list[Stream])

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = make_array(words)(context, builder, arguments[0]).data
        return _list(context, builder, rows, builder.bitcast(address, cgutils.voidptr_t), WORD * len(fields(Streams)))

    return rows(words), generate


register_model(Block)(OpaqueModel)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = Block

    def generic_resolve(self, block: Block, name: str) -> Any:
        return (block.numbers.get(name) or block.lists.get(name) or [None])[0]


@lower_getattr_generic(Block)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, block: Block, address: Any, name: str) -> Any:
    if name in block.numbers:
        number, offset = block.numbers[name]
        return context.unpack_value(builder, number, _at(context, builder, address, offset, number))
    array, offset = block.lists[name]
    begin = builder.load(cgutils.pointer_add(builder, address, offset, cgutils.intp_t.as_pointer()))
    begin.set_metadata("invariant.load", builder.module.add_metadata([]))  # the table never changes
    return _list(context, builder, array, address, begin)


def _list(context: Any, builder: Any, array: Any, address: Any, begin: Any) -> Any:
    """Return the list that begins so many bytes after an address."""
    shape = [0] if array.ndim == 1 else [0, STREAM_WORDS]
    strides = [WORD * STREAM_WORDS, WORD][-array.ndim :] if array.dtype.bitwidth == 64 else [1]
    made = make_array(array)(context, builder)
    populate_array(
        made, data=_at(context, builder, address, begin, array.dtype), shape=_words(context, builder, shape),
        strides=_words(context, builder, strides), itemsize=context.get_constant(types.intp, strides[-1]), meminfo=None)
    return made._getvalue()


@lower_setattr_generic(Block)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    block, given = signature.args
    number, offset = block.numbers[name]
    value = context.cast(builder, arguments[1], given, number)
    context.pack_value(builder, number, value, _at(context, builder, arguments[0], offset, number))


def _at(context: Any, builder: Any, address: Any, offset: Any, type_: Any) -> Any:
    return cgutils.pointer_add(builder, address, offset, ir.PointerType(context.get_data_type(type_)))


def _words(context: Any, builder: Any, values: list[int]) -> Any:
    return cgutils.pack_array(builder, [context.get_constant(types.intp, value) for value in values])
