"""Shell completion, made from the parser itself, so that no option is listed twice by hand."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping

SHELLS = ("bash", "zsh", "fish")


def script(shell: str, verbs: Mapping[str, argparse.ArgumentParser],
           words: Mapping[str, Iterable[str]]) -> str:  # fmt: skip
    """The completion script for one of `SHELLS`.

    `words` gives the values that an argument can have, by the name of the argument's place
    (`control`), for those that the parser leaves open.
    """
    maker = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]
    return maker(verbs, words)


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [each for each in parser._actions if each.option_strings]


def _values(action: argparse.Action, words: Mapping[str, Iterable[str]]) -> list[str]:
    """The values that an argument can have, [] if there is no list of them."""
    if action.choices is not None:
        return [str(each) for each in action.choices]
    return list(words.get(action.dest, ()))


def _takes_file(action: argparse.Action) -> bool:
    return action.metavar in ("FILE", "PATH")


def _positional(parser: argparse.ArgumentParser) -> argparse.Action | None:
    return next((each for each in parser._actions if not each.option_strings), None)


def _bash(verbs: Mapping[str, argparse.ArgumentParser],
          words: Mapping[str, Iterable[str]]) -> str:  # fmt: skip
    cases = []
    for verb, each in verbs.items():
        options = [name for action in _options(each) for name in action.option_strings]
        after = []
        for action in _options(each):
            names, values = "|".join(action.option_strings), _values(action, words)
            if values:
                after.append(
                    f"        {names}) COMPREPLY=($(compgen -W '{' '.join(values)}' -- \"$cur\")); return ;;"
                )
            elif _takes_file(action):
                after.append(f'        {names}) COMPREPLY=($(compgen -f -- "$cur")); return ;;')
            elif action.nargs != 0:
                after.append(f"        {names}) return ;;")
        place = _positional(each)
        values = _values(place, words) if place else []
        rest = f"compgen -W '{' '.join(values)}' -- \"$cur\"" if values else 'compgen -f -- "$cur"'
        cases += [
            f"    {verb})", '      case "$prev" in', *after, "      esac",
            f"      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '{' '.join(options)}' -- \"$cur\"))",
            f"      else COMPREPLY=($({rest})); fi ;;",
        ]  # fmt: skip
    first = [name for action in _options(verbs["audit"]) for name in action.option_strings]
    return "\n".join([
        "# bash completion of hardango. Use it with: source <(hardango completion bash)",
        "_hardango() {",
        '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=audit',
        f"  case \"${{COMP_WORDS[1]}}\" in {'|'.join(verbs)}) verb=${{COMP_WORDS[1]}} ;; esac",
        "  if [[ $COMP_CWORD -eq 1 && $cur != -* ]]; then",
        f"    COMPREPLY=($(compgen -W '{' '.join(verbs)}' -- \"$cur\") $(compgen -d -- \"$cur\")); return",
        "  fi",
        "  if [[ $COMP_CWORD -eq 1 ]]; then",
        f"    COMPREPLY=($(compgen -W '--version {' '.join(first)}' -- \"$cur\")); return",
        "  fi",
        '  case "$verb" in', *cases, "  esac", "}", "complete -o filenames -F _hardango hardango", "",
    ])  # fmt: skip


def _quoted(text: str) -> str:
    return text.replace("'", "’").replace("[", "(").replace("]", ")").replace(":", " -")


def _help(action: argparse.Action) -> str:
    return _quoted((action.help or "").replace("%%", "%").split("%(")[0].split(";")[0].strip(" ("))


def _zsh(verbs: Mapping[str, argparse.ArgumentParser],
         words: Mapping[str, Iterable[str]]) -> str:  # fmt: skip
    def argument(action: argparse.Action) -> str:
        values = _values(action, words)
        kind = f"({' '.join(values)})" if values else "_files" if _takes_file(action) else " "
        return f":{action.dest}:{kind}"

    cases = []
    for verb, each in verbs.items():
        specs = []
        for action in _options(each):
            takes = "" if action.nargs == 0 else argument(action)
            specs += [f"'*{name}[{_help(action)}]{takes}'" for name in action.option_strings]
        place = _positional(each)
        if place is not None:
            specs.append(f"'*{argument(place)}'")
        cases.append(f"    {verb}) _arguments {' '.join(specs)} ;;")
    described = " ".join(
        f"'{verb}:{_quoted(each.description or '')}'" for verb, each in verbs.items()
    )
    return "\n".join([
        "#compdef hardango",
        "# zsh completion of hardango. Use it with: source <(hardango completion zsh)",
        "_hardango() {",
        "  local verb=audit",
        f"  local -a verbs=({described})",
        f"  case $words[2] in {'|'.join(verbs)}) verb=$words[2]; shift words; (( CURRENT-- )) ;; esac",
        "  if (( CURRENT == 2 )) && [[ $words[1] == *hardango && $words[2] != -* ]]; then",
        "    _describe command verbs; _files -/; return",
        "  fi",
        "  case $verb in", *cases, "  esac", "}",
        "compdef _hardango hardango", "",
    ])  # fmt: skip


def _fish(verbs: Mapping[str, argparse.ArgumentParser],
          words: Mapping[str, Iterable[str]]) -> str:  # fmt: skip
    lines = ["# fish completion of hardango. Use it with: hardango completion fish | source"]
    for verb, each in verbs.items():
        lines.append(f"complete -c hardango -n __fish_use_subcommand -a {verb} "
                     f"-d '{_quoted(each.description or '')}'")  # fmt: skip
        seen = f"-n '__fish_seen_subcommand_from {verb}'"
        for action in _options(each):
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                             for name in action.option_strings)  # fmt: skip
            values = _values(action, words)
            takes = "" if action.nargs == 0 else " -r" if _takes_file(action) else " -x"
            if values:
                takes += f" -a '{' '.join(values)}'"
            lines.append(f"complete -c hardango {seen} {names}{takes} -d '{_help(action)}'")
        place = _positional(each)
        if place is not None and _values(place, words):
            lines.append(f"complete -c hardango {seen} -f -a '{' '.join(_values(place, words))}'")
    return "\n".join([*lines, ""])
