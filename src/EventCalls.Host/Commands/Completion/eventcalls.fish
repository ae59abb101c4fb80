# eventcalls completion fish: put this into ~/.config/fish/completions/eventcalls.fish
function __eventcalls_complete
    set -l line (commandline -cp)
    eventcalls "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete -c eventcalls -a '(__eventcalls_complete)'
