"""The page of commands, from the program itself."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import typer

_WORDS = {bool: "flag", int: "whole number", float: "number", str: "text", Path: "path"}

_SERVICE = """# Commands

```sh
facet --help
facet recognize --help
```

Every command of `facet`, made from the program itself. `--json` makes each print JSON. The exit
status is 0 when all went well, 1 when some of it did, and 2 when nothing did; the error's
[code](errors.md) goes to standard error, or into the JSON. [Settings](settings.md) hold for
commands as for the server.
"""
_TRAINING = """# Commands of training

```sh
python -m training --help
python -m training train --help
```

Every command of `python -m training`, made from the program itself. They need
`pip install "facet[training]"`. [Train an encoder](../how-to/train-an-encoder.md) shows the usual
order.
"""


def service_page(program: typer.Typer) -> str:
    """The page of `facet`."""
    return _SERVICE + _commands(program, "facet")


def training_page(program: typer.Typer) -> str:
    """The page of `python -m training`."""
    return _TRAINING + _commands(program, "python -m training")


def _commands(program: typer.Typer, name: str) -> str:
    command = typer.main.get_command(program)
    return "".join(part for one in _leaves(command, name) for part in _command(*one))


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in inner.items():
        yield from _leaves(one, f"{name} {word}")


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = " ".join([name, *(_placed(one) for one in arguments), "[OPTIONS]"])
    yield f"\n## {name}\n\n```text\n{usage}\n```\n\n{(command.help or '').strip()}\n"
    if arguments or options:
        yield "\n| name | type | default | meaning |\n| --- | --- | --- | --- |\n"
    hints = get_type_hints(inspect.unwrap(command.callback))
    for one in [*arguments, *options]:
        names = ", ".join(f"`{n}`" for n in _names(one))
        described = _cell(getattr(one, "help", "") or "")
        yield f"| {names} | {_kind(hints[one.name])} | {_default(one)} | {described} |\n"


def _placed(argument: Any) -> str:
    name = _names(argument)[0]
    return name if argument.required else f"[{name}]"


def _names(parameter: Any) -> list[str]:
    if parameter.param_type_name == "argument":
        return [parameter.name.upper().replace("_", "-")]
    return [*parameter.opts, *parameter.secondary_opts]


def _kind(hint: Any) -> str:
    """What a value may be, in words; `hint` is the annotation of the command's parameter."""
    if get_origin(hint) in (Union, UnionType):
        kinds = [_kind(one) for one in get_args(hint) if one is not type(None)]
        return ", ".join(dict.fromkeys(kinds))
    if get_origin(hint) is list:
        return f"{_kind(get_args(hint)[0])}, several"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(hint))
    return _WORDS.get(hint, "text")


def _default(parameter: Any) -> str:
    default = parameter.default
    if default is None or callable(default) or default in ((), [], False):
        return "required" if parameter.required else ""
    if isinstance(default, list | tuple):
        return ", ".join(f"`{one}`" for one in default)
    return "on" if default is True else f"`{default}`"


def _cell(text: str) -> str:
    return " ".join(text.replace("\\[", "[").split()).replace("|", "\\|")
