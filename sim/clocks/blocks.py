"""Blocks of memory as compiled code sees them: an address, whose fields have the names of a dataclass.

See `sim.clocks.layout` for what is where. Compiled code takes and sets numbers by name, and entries of lists by name
and number. It never asks how long a list is, and numbers never count from the end. LLVM is told that fields of
different names never overlap, so it need not read one again after another was set.
"""

import operator
from dataclasses import fields
from typing import Any

from llvmlite import ir
from numba import from_dtype, types
from numba.core import cgutils
from numba.core.datamodel.models import OpaqueModel
from numba.core.imputils import lower_builtin, lower_getattr_generic, lower_setattr_generic
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global
from numba.extending import intrinsic, register_model
from numba.np.arrayobj import make_array
from numpy import dtype

from sim.clocks.layout import ITEMS, STREAM_WORDS, block_type, parts_of
from sim.rules.streams import Stream, Streams

WORD = 8


class List(types.Type):  # type: ignore[misc]
    """The type of a list in a block.

    Parameters
    ----------
    field
        The name of the field.
    item
        The type of its items: numbers, or lists of `STREAM_WORDS` numbers.
    """

    def __init__(self, field: str, item: Any) -> None:
        super().__init__(name=field)
        self.item = item


ROWS = List("Rows", List("Stream", types.uint64))
"""The type of a list of streams. All have the same, since `rows_of` goes through those of several fields."""


class Block(types.Type):  # type: ignore[misc]
    """The type of a block that is laid out like a dataclass."""

    def __init__(self, kind: type[Any]) -> None:
        super().__init__(name=f"Block({kind.__name__})")
        numbers, lists = parts_of(kind)
        offsets: Any = block_type(kind, dict.fromkeys(lists, 1)).fields
        self.numbers = {name: (from_dtype(dtype(number)), offsets[name][1]) for name, number in numbers.items()}
        self.lists = {name: (_list_of(f"{kind.__name__}.{name}", type_), WORD * place)
                      for place, (name, type_) in enumerate(lists.items())}


def _list_of(field: str, type_: Any) -> List:
    return ROWS if type_ == list[Stream] else List(field, from_dtype(dtype(ITEMS[type_])))


register_model(Block)(OpaqueModel)
register_model(List)(OpaqueModel)


def block(kind: type[Any]) -> Any:
    """Return a function for compiled code that takes an array's memory as a block."""
    return _memory_as(Block(kind), 0)


def _memory_as(made: Any, offset: int) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def read(typingctx: Any, words: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            address = make_array(words)(context, builder, arguments[0]).data
            return cgutils.pointer_add(builder, address, offset, cgutils.voidptr_t)

        return made(words), generate

    return read


rows_of = _memory_as(ROWS, WORD * len(fields(Streams)))
"""Take the memory of a block of streams as rows, those of all lists one after another."""


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = Block

    def generic_resolve(self, block: Block, name: str) -> Any:
        return (block.numbers.get(name) or block.lists.get(name) or [None])[0]


@lower_getattr_generic(Block)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, block: Block, address: Any, name: str) -> Any:
    if name in block.numbers:
        number, offset = block.numbers[name]
        return _read(context, builder, number, cgutils.pointer_add(builder, address, offset), f"{block}.{name}")
    _, offset = block.lists[name]
    begin = builder.load(cgutils.pointer_add(builder, address, offset, cgutils.intp_t.as_pointer()))
    begin.set_metadata("invariant.load", builder.module.add_metadata([]))  # the table never changes
    return cgutils.pointer_add(builder, address, begin, cgutils.voidptr_t)


@lower_setattr_generic(Block)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    block, given = signature.args
    number, offset = block.numbers[name]
    value = context.cast(builder, arguments[1], given, number)
    _write(context, builder, number, value, cgutils.pointer_add(builder, arguments[0], offset), f"{block}.{name}")


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, arguments: Any, keywords: Any) -> Any:
        list_ = arguments[0]
        return signature(list_.item, list_, types.intp) if isinstance(list_, List) else None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, arguments: Any, keywords: Any) -> Any:
        list_ = arguments[0]
        return signature(types.none, list_, types.intp, list_.item) if isinstance(list_, List) else None


@lower_builtin(operator.getitem, List, types.Integer)  # type: ignore[untyped-decorator]
def _get_item(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    list_ = signature.args[0]
    place = _place(context, builder, list_, *arguments)
    return place if isinstance(list_.item, List) else _read(context, builder, list_.item, place, list_.name)


@lower_builtin(operator.setitem, List, types.Integer, types.Any)  # type: ignore[untyped-decorator]
def _set_item(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    list_, (address, index, value) = signature.args[0], arguments
    _write(context, builder, list_.item, value, _place(context, builder, list_, address, index), list_.name)
    return context.get_dummy_value()


def _place(context: Any, builder: Any, list_: List, address: Any, index: Any) -> Any:
    """Return the address of an item."""
    if isinstance(list_.item, List):
        item = ir.ArrayType(ir.IntType(64), STREAM_WORDS)
    else:
        item = context.get_data_type(list_.item)
    place = builder.gep(builder.bitcast(address, ir.PointerType(item)), [index], inbounds=True)
    return builder.bitcast(place, cgutils.voidptr_t)


def _read(context: Any, builder: Any, type_: Any, address: Any, field: str) -> Any:
    model = context.data_model_manager[type_]
    loaded = builder.load(builder.bitcast(address, ir.PointerType(model.get_data_type())))
    _mark(builder, loaded, field)
    return model.from_data(builder, loaded)


def _write(context: Any, builder: Any, type_: Any, value: Any, address: Any, field: str) -> None:
    model = context.data_model_manager[type_]
    at = builder.bitcast(address, ir.PointerType(model.get_data_type()))
    _mark(builder, builder.store(model.as_data(builder, value), at), field)


def _mark(builder: Any, access: Any, field: str) -> None:
    """Say which field a load or a store belongs to; LLVM takes each for a type of its own (TBAA)."""
    module, zero = builder.module, ir.Constant(ir.IntType(64), 0)
    every = module.add_metadata([ir.MetaDataString(module, "fields")])
    one = module.add_metadata([ir.MetaDataString(module, field), every, zero])
    access.set_metadata("tbaa", module.add_metadata([one, one, zero]))
