//! `lab` is an alias of cargo, so the shell asks for the completions of `cargo`. These lines give
//! `cargo lab ...` to the function for `cargo-lab`, and every other command to the function that the
//! shell had for cargo before.

use lab::commands::command_line::Shell;

/// The lines for `shell`.
pub fn after_cargo(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
    }
}

/// bash keeps one function for each command, and bash-completion loads that of cargo when it is
/// first needed (status 124 makes bash complete again with what was loaded).
const BASH: &str = r#"
_cargo_lab_is_at() { # prints the place of the word `lab`, if it is cargo's command
    local place
    for ((place = 1; place < COMP_CWORD; place++)); do
        [[ ${COMP_WORDS[place]} == [+-]* ]] && continue
        [[ ${COMP_WORDS[place]} == lab ]] && echo "$place"
        return
    done
}
_cargo_or_cargo_lab() {
    local place
    place=$(_cargo_lab_is_at)
    if [[ -n $place ]]; then
        COMP_WORDS=(cargo-lab "${COMP_WORDS[@]:place+1}")
        COMP_CWORD=$((COMP_CWORD - place))
        _clap_complete_cargo_lab cargo-lab "$2" "$3"
        return
    fi
    if [[ -z $_cargo_lab_other ]]; then
        _cargo_lab_other=none
        _cargo_lab_load_other
    fi
    [[ $_cargo_lab_other == none ]] || "$_cargo_lab_other" "$@"
}
_cargo_lab_load_other() { # bash-completion calls its loader by different names
    local loader
    for loader in _comp_load __load_completion; do
        declare -F "$loader" >/dev/null || continue
        complete -r cargo
        "$loader" cargo && _cargo_lab_take_over
        break
    done
    complete -o bashdefault -o default -F _cargo_or_cargo_lab cargo
}
_cargo_lab_take_over() { # remembers the function that completes cargo now
    local words
    words=$(complete -p cargo 2>/dev/null) || return
    [[ $words =~ \ -F\ ([^\ ]+) && ${BASH_REMATCH[1]} != _cargo_or_cargo_lab ]] &&
        _cargo_lab_other=${BASH_REMATCH[1]}
}
_cargo_lab_other=
_cargo_lab_take_over
complete -o bashdefault -o default -F _cargo_or_cargo_lab cargo
"#;

/// In zsh, the words of a command are in `words`, and the place of the cursor in `CURRENT`.
const ZSH: &str = r#"
_cargo_or_cargo_lab() {
    local place=2
    while ((place < CURRENT)) && [[ ${words[place]} == [+-]* ]]; do ((place++)); done
    if ((place < CURRENT)) && [[ ${words[place]} == lab ]]; then
        words=(cargo-lab "${(@)words[place + 1,-1]}")
        ((CURRENT -= place - 1))
        _clap_dynamic_completer_cargo_lab
    elif [[ -n $_cargo_lab_other ]]; then
        $_cargo_lab_other "$@"
    else
        _default
    fi
}
[[ ${_comps[cargo]} == _cargo_or_cargo_lab ]] || _cargo_lab_other=${_comps[cargo]}
compdef _cargo_or_cargo_lab cargo
"#;

/// fish merges all completions of a command, so cargo's own ones stay.
const FISH: &str = r#"
function __cargo_lab_is_used
    set --local words (commandline --current-process --tokenize --cut-at-cursor)
    set --local commands (string match --invert --regex '^[+-]' -- $words[2..])
    test "$commands[1]" = lab
end
function __cargo_lab_candidates
    set --local words (commandline --current-process --tokenize --cut-at-cursor)
    set --local place (contains --index -- lab $words)
    set --erase words[1..$place]
    set --local words (string escape -- $words)
    complete --do-complete "cargo-lab $words "(commandline --current-token)
end
complete --command cargo --no-files --keep-order --condition __cargo_lab_is_used \
    --arguments '(__cargo_lab_candidates)'
"#;
