# shellcheck shell=bash
# What the scripts share. Sourced, not run.

# Everything that is downloaded or built once, for all checkouts of this user.
# shellcheck disable=SC2034 # not every script that sources this uses it
bulwark_cache=${XDG_CACHE_HOME:-$HOME/.cache}/bulwark

# Keys that are in the environment are no business of compilers, npm and what those run.
for variable in $(compgen -e BULWARK_KEY_ || true); do
    unset "$variable"
done

# note WORDS…: says on stderr what happens, under the script's name.
note() {
    printf '%s: %s\n' "${BULWARK_SCRIPT:-${0##*/}}" "$*" >&2
}

# die WORDS…: the same, and ends the script.
die() {
    note "$@"
    exit 1
}

# sha256 FILE…: one line `<hash>  <name>` per file, in the form that `sha256sum -c` reads.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum -- "$@"
    else
        shasum -a 256 -- "$@"
    fi
}

# quietly NAME COMMAND…: runs a command, and shows what it printed only if it failed.
quietly() {
    local name=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f -- "$log"
    else
        note "$name failed:"
        tail -n 30 "$log" >&2
        rm -f -- "$log"
        return 1
    fi
}
