# eventcalls completion bash: put this into ~/.bashrc, or run: source <(eventcalls completion bash)
_eventcalls() {
    local IFS=$'\n'
    local word="${COMP_WORDS[COMP_CWORD]}" line="${COMP_LINE:0:COMP_POINT}"
    COMPREPLY=($(compgen -W "$(eventcalls "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
    # The shell takes a colon for the end of a word.
    if [[ "$line" == *:* ]]; then COMPREPLY=(); fi
}
complete -o default -F _eventcalls eventcalls
