# shellcheck shell=bash
# npm's packages of this checkout. Sourced, not run, after common.sh.

# What was installed and built out of what. It goes with the packages that it was built with.
npm_notes=node_modules/.cache/bulwark

# Installs what the lock file says, if that has changed since.
install_npm_packages() {
    local lock
    lock=$(sha256 package-lock.json | cut -c 1-64)
    if [ "$(cat "$npm_notes/packages" 2>/dev/null || true)" = "$lock" ]; then
        return
    fi
    note "installing npm's packages"
    quietly 'npm ci' npm ci --no-audit --no-fund || die "npm's packages cannot be installed"
    mkdir -p "$npm_notes"
    printf '%s\n' "$lock" >"$npm_notes/packages"
}
