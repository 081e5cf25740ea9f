"""Programs as one WebAssembly module, made from their bitcode. It imports its memory and nothing else.

LLVM writes an object file, which usually goes through a linker. An object that needs no other has little left to link:
its data begin at address 0, so that all addresses in it are final. It lacks exports and a stack.
"""

from collections.abc import Iterator, Mapping

import llvmlite.binding as llvm

from sim.clocks.machine import ENTRY
from sim.clocks.shipped import Bitcode

TARGET = "wasm32-unknown-unknown"
FEATURES = "+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext"
STACK_TOP = 1 << 18
"""Address up to which the module uses its memory: data from 0 on, and the stack from here down."""
LEAST_STACK = 1 << 16

CUSTOM, IMPORT, GLOBAL, EXPORT, DATA = 0, 2, 6, 7, 11
AFTER_EXPORTS = (8, 9, 10, 11, 12)
HEAD = b"\0asm\1\0\0\0"
MEMORY, STACK_POINTER = ("env", "__linear_memory"), ("env", "__stack_pointer")

PRODUCT = """
define void @__multi3(ptr %to, i64 %a, i64 %a.high, i64 %b, i64 %b.high) {
  %a0 = and i64 %a, 4294967295
  %a1 = lshr i64 %a, 32
  %b0 = and i64 %b, 4294967295
  %b1 = lshr i64 %b, 32
  %p00 = mul i64 %a0, %b0
  %p01 = mul i64 %a0, %b1
  %p10 = mul i64 %a1, %b0
  %p11 = mul i64 %a1, %b1
  %carry = lshr i64 %p00, 32
  %middle = add i64 %p01, %carry
  %middle.low = and i64 %middle, 4294967295
  %middle.high = lshr i64 %middle, 32
  %other = add i64 %p10, %middle.low
  %other.high = lshr i64 %other, 32
  %h0 = add i64 %p11, %middle.high
  %h1 = add i64 %h0, %other.high
  %x = mul i64 %a, %b.high
  %y = mul i64 %a.high, %b
  %h2 = add i64 %h1, %x
  %high = add i64 %h2, %y
  %low = mul i64 %a, %b
  store i64 %low, ptr %to
  %next = getelementptr i8, ptr %to, i32 8
  store i64 %high, ptr %next
  ret void
}
"""
"""The product of two numbers of 128 bits, for which LLVM calls a function on this target."""


def module_of(programs: Mapping[str, Bitcode], sources: str) -> bytes:
    """Return a module that exports programs by name; ``sources``, a hash, is in a section of that name."""
    parts = [*_sections(_object(programs))]
    (imports,) = (content for kind, content in parts if kind == IMPORT)
    (data,) = (content for kind, content in parts if kind == DATA)
    if _end_of(data) > STACK_TOP - LEAST_STACK:
        raise ValueError("the data leave too little room for the stack")
    functions = dict(_functions(parts))
    exports = [_text(name) + b"\0" + _number(functions[name]) for name in programs]
    own = {
        IMPORT: b"\1" + _text("env") + _text("memory") + b"\2" + _memory(imports),
        GLOBAL: b"\1\x7f\1\x41" + _signed(STACK_TOP) + b"\x0b",
        EXPORT: _number(len(exports)) + b"".join(exports)}
    before = [(kind, own.get(kind, content)) for kind, content in parts if kind and kind not in AFTER_EXPORTS]
    after = [(kind, content) for kind, content in parts if kind in AFTER_EXPORTS]
    every = [*before, (GLOBAL, own[GLOBAL]), (EXPORT, own[EXPORT]), *after,
             (CUSTOM, _text("sources") + sources.encode())]
    return HEAD + b"".join(bytes([kind]) + _number(len(content)) + content for kind, content in every)


def _object(programs: Mapping[str, Bitcode]) -> bytes:
    """Return an object file with all programs."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(TARGET).create_target_machine(cpu="generic", features=FEATURES, opt=3)
    whole = llvm.parse_assembly(PRODUCT)
    _aim(whole, target)
    for name, program in programs.items():
        module = llvm.parse_bitcode(program.content)
        _aim(module, target)
        module.get_function(ENTRY).name = name
        whole.link_in(module)
    return bytes(target.emit_object(whole))


def _aim(module: llvm.ModuleRef, target: llvm.TargetMachine) -> None:
    module.triple, module.data_layout = TARGET, str(target.target_data)


class _Reader:
    """Reads numbers and texts as WebAssembly writes them."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.content[self.at - count : self.at]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.bytes(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self) -> str:
        return self.bytes(self.number()).decode()

    @property
    def more(self) -> bool:
        return self.at < len(self.content)


def _sections(content: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(content[len(HEAD) :])
    while reader.more:
        kind = reader.bytes(1)[0]
        yield kind, reader.bytes(reader.number())


def _memory(imports: bytes) -> bytes:
    """Return the limits of the memory that is imported; there is nothing else but the stack pointer."""
    reader, found = _Reader(imports), {}
    for _ in range(reader.number()):
        name = reader.text(), reader.text()
        reader.bytes(1)
        start = reader.at
        reader.number()
        reader.number()
        found[name] = imports[start : reader.at]
    if found.keys() != {MEMORY, STACK_POINTER}:
        raise ValueError(f"the object needs {', '.join('.'.join(name) for name in found)}")
    return found[MEMORY]


def _functions(parts: list[tuple[int, bytes]]) -> Iterator[tuple[str, int]]:
    """Yield the name and the number of every function, from the table of symbols."""
    for kind, content in parts:
        reader = _Reader(content)
        if kind != CUSTOM or reader.text() != "linking":
            continue
        reader.number()
        while reader.more:
            part, inside = reader.bytes(1)[0], _Reader(reader.bytes(reader.number()))
            if part == 8:
                yield from _symbols(inside)


def _symbols(reader: _Reader) -> Iterator[tuple[str, int]]:
    for _ in range(reader.number()):
        kind, flags = reader.bytes(1)[0], reader.number()
        here = not flags & 0x10
        if kind == 1:
            reader.text()
            for _ in range(3 * here):
                reader.number()
            continue
        index = reader.number()
        if kind != 3 and (here or flags & 0x40):
            name = reader.text()
            if kind == 0:
                yield name, index


def _end_of(data: bytes) -> int:
    """Return the address after the last piece of data."""
    reader, end = _Reader(data), 0
    for _ in range(reader.number()):
        reader.number()
        reader.bytes(1)
        start = reader.number()
        reader.bytes(1)
        size = reader.number()
        reader.bytes(size)
        end = max(end, start + size)
    return end


def _number(value: int) -> bytes:
    head, rest = value & 127, value >> 7
    return bytes([head | 128]) + _number(rest) if rest else bytes([head])


def _signed(value: int) -> bytes:
    """Write a number that is not negative where a signed one is expected."""
    head, rest = value & 127, value >> 7
    return bytes([head | 128]) + _signed(rest) if rest or head & 64 else bytes([head])


def _text(name: str) -> bytes:
    return _number(len(name)) + name.encode()
