# shellcheck shell=bash
# The two tools that every artifact goes through: the optimiser, and the virtual machine's own
# validator. Both are installed once, in pinned versions, into the cache. Sourced, not run.

binaryen_version=132
cosmwasm_check_version=3.0.10

# What wasmd 0.61 offers to contracts.
capabilities=iterator,staking,stargate,cosmwasm_1_1,cosmwasm_1_2,cosmwasm_1_3,cosmwasm_1_4,cosmwasm_2_0,cosmwasm_2_1,cosmwasm_2_2

# Sets `wasm_opt`.
install_wasm_opt() {
    local folder=$bulwark_cache/binaryen-$binaryen_version work
    wasm_opt=$folder/node_modules/binaryen/bin/wasm-opt
    if [ -e "$wasm_opt" ]; then
        return
    fi
    if [ "$(wasm-opt --version 2>/dev/null)" = "wasm-opt version $binaryen_version" ]; then
        wasm_opt=wasm-opt
        return
    fi
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
        die "wasm-opt $binaryen_version is needed: install Node.js (with npm), from which this script gets it,
or put version $binaryen_version of binaryen on the PATH."
    fi
    note "installing binaryen $binaryen_version with npm (once)"
    mkdir -p "$bulwark_cache"
    work=$(mktemp -d "$bulwark_cache/binaryen.XXXXXX")
    if ! quietly 'npm install' npm install --prefix "$work" --no-save --ignore-scripts --no-audit \
        --no-fund "binaryen@$binaryen_version.0.0"; then
        rm -rf -- "$work"
        die "binaryen $binaryen_version could not be installed. Does npm reach its registry?"
    fi
    rm -rf -- "$folder"
    mv -- "$work" "$folder"
}

# Sets `cosmwasm_check`.
install_cosmwasm_check() {
    local root=$bulwark_cache/tools
    cosmwasm_check=$root/bin/cosmwasm-check
    if [ "$("$cosmwasm_check" --version 2>/dev/null)" = "Contract checking $cosmwasm_check_version" ]; then
        return
    fi
    note "building cosmwasm-check $cosmwasm_check_version, the virtual machine's validator (minutes, once)"
    quietly 'cargo install cosmwasm-check' env -u CARGO_TARGET_DIR -u RUSTFLAGS \
        cargo install cosmwasm-check --version "$cosmwasm_check_version" --locked --force --root "$root" ||
        die "cosmwasm-check could not be built. It needs Rust, a C compiler and the crates' registry."
}
