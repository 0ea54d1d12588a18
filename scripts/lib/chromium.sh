# shellcheck shell=bash
# A Chromium for tests in a real browser. Sourced, not run.

# find_chromium: prints the program of the first one that is installed.
find_chromium() {
    local candidate
    for candidate in ${BULWARK_CHROMIUM:+"$BULWARK_CHROMIUM"} chromium chromium-browser \
        google-chrome-stable google-chrome \
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' \
        /Applications/Chromium.app/Contents/MacOS/Chromium; do
        if command -v "$candidate" >/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# Debian's, where this may be done without anybody being asked.
install_chromium() {
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    command -v apt-get >/dev/null || return 1
    note "installing Debian's Chromium (about 300 MB, once)"
    quietly 'apt-get update' "${root[@]}" apt-get update &&
        quietly 'installing Chromium' "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
}

# provide_chromium: leaves its program in BULWARK_CHROMIUM, and installs it if need be.
provide_chromium() {
    if ! find_chromium >/dev/null && ! install_chromium; then
        die 'Chromium is not installed: install it, or name a Chrome or Chromium in BULWARK_CHROMIUM'
    fi
    BULWARK_CHROMIUM=$(find_chromium)
    export BULWARK_CHROMIUM
}
