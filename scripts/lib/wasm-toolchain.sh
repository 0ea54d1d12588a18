# shellcheck shell=bash
# Chooses the compiler for wasm, and the flags that go with it. Sourced, not run.
#
# The virtual machine of wasmd 0.61 refuses bulk memory operations, which Rust emits from 1.87 on,
# in its precompiled standard library too. 1.85 and 1.86 emit none. What a newer Rust made can be
# lowered by wasm-opt, at 7 to 15 percent more gas for computation: so it is the last resort.

# The versions that need no lowering, and the one that is installed where there is neither.
wasm_best_versions='1.85 1.86'
wasm_pinned=1.86.0
wasm_target=wasm32-unknown-unknown

# use_rustc RUSTC NAME: sets what the build uses, and whether the code has to be lowered.
use_rustc() {
    wasm_rustc=$1
    wasm_version=$("$wasm_rustc" --version) || return 1
    wasm_toolchain="$wasm_version, $2"
    local minor
    minor=$(minor_of "$wasm_version") || return 1
    wasm_lowered=false
    wasm_link_flags=(-C link-arg=-s)
    wasm_linker=
    if [ "$minor" -ge 87 ]; then
        wasm_lowered=true
        wasm_toolchain+=', lowered by wasm-opt'
    fi
    if [ "$minor" -ge 96 ]; then
        wasm_link_flags+=(-C link-arg=--allow-undefined)
    fi
}

# minor_of 'rustc 1.86.0 (…)': 86.
minor_of() {
    [[ $1 =~ ^rustc\ 1\.([0-9]+)\. ]] && printf '%s\n' "${BASH_REMATCH[1]}"
}

# needs_no_lowering RUSTC: whether its version is among the best ones.
needs_no_lowering() {
    local minor
    minor=$(minor_of "$("$1" --version 2>/dev/null)") || return 1
    [[ " $wasm_best_versions " == *" 1.$minor "* ]]
}

# has_wasm RUSTC: whether it runs, and its standard library for wasm is there.
has_wasm() {
    local libraries
    libraries=$("$1" --print target-libdir --target "$wasm_target" 2>/dev/null) || return 1
    compgen -G "$libraries/libstd-*.rlib" >/dev/null
}

# The compiler that `cargo` would use, by its path: a proxy of rustup resolves to the real one.
installed_rustc() {
    local sysroot
    sysroot=$(rustc --print sysroot 2>/dev/null) && printf '%s/bin/rustc\n' "$sysroot"
}

use_installed() {
    local rustc
    rustc=$(installed_rustc) && has_wasm "$rustc" && use_rustc "$rustc" installed
}

use_installed_without_lowering() {
    local rustc
    rustc=$(installed_rustc) && needs_no_lowering "$rustc" && use_installed
}

add_target_to_installed() {
    command -v rustup >/dev/null || return 1
    note "adding the target $wasm_target with rustup"
    quietly 'rustup target add' rustup target add "$wasm_target" && use_installed
}

# rustup's toolchains for this purpose live in a folder of their own: what the user has installed
# stays as it is.
pinned_rustc() {
    compgen -G "$bulwark_cache/rustup/toolchains/$wasm_pinned-*/bin/rustc"
}

use_pinned() {
    local rustc
    rustc=$(pinned_rustc) && has_wasm "$rustc" && use_rustc "$rustc" 'by rustup'
}

install_pinned() {
    command -v rustup >/dev/null || return 1
    note "installing Rust $wasm_pinned for wasm with rustup (about 100 MB, once)"
    quietly 'rustup toolchain install' env -u RUSTUP_TOOLCHAIN RUSTUP_HOME="$bulwark_cache/rustup" \
        rustup toolchain install "$wasm_pinned" --profile minimal --target "$wasm_target" \
        --no-self-update && use_pinned
}

use_debian() {
    debian_rust_ready && has_wasm "$debian_rustc" && use_rustc "$debian_rustc" "Debian's" &&
        wasm_linker=$debian_wasm_ld
}

install_debian() {
    install_debian_rust && use_debian
}

# The first that works, of those that BULWARK_WASM_TOOLCHAIN names. Ready ones come first.
choose_wasm_toolchain() {
    local wanted=${BULWARK_WASM_TOOLCHAIN:-best} ways way
    case "$wanted" in
        best)
            ways='use_installed_without_lowering use_pinned use_debian install_pinned install_debian
                use_installed add_target_to_installed'
            ;;
        installed) ways='use_installed add_target_to_installed' ;;
        rustup) ways='use_pinned install_pinned' ;;
        debian) ways='use_debian install_debian' ;;
        *) die "BULWARK_WASM_TOOLCHAIN is none of best, installed, rustup, debian: $wanted" ;;
    esac
    for way in $ways; do
        if "$way"; then
            return
        fi
    done
    die "no Rust for $wasm_target is to be had. Tried: what is installed, rustup (is it installed, and
can it download?), and Debian's packages (x86-64 Linux with apt only; are they reachable?).
With 'rustup target add $wasm_target' this script finds the installed one."
}
