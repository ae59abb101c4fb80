#compdef eventcalls
# eventcalls completion zsh: put this into ~/.zshrc behind compinit, or run: source <(eventcalls completion zsh)
_eventcalls() {
    local line="${BUFFER[1,CURSOR]}"
    local -a found
    found=("${(@f)$(eventcalls "[suggest:${#line}]" "$line" 2>/dev/null)}")
    compadd -- ${found:#}
}
compdef _eventcalls eventcalls
