# shellcheck shell=bash
# The steps of scripts/build-wasm and scripts/build-risk-wasm. Sourced, not run. What builds needs a
# toolchain that was chosen.

cargo_home=${CARGO_HOME:-$HOME/.cargo}
wasm_work=$bulwark_cache/wasm/target
wasm_built=$bulwark_cache/wasm/built
# What cargo calls the profile, and the folder of what was built with it.
wasm_profile=wasm
# A chain's limit, unless its governance has raised it.
largest_wasm=819200

# Until this script ends: builds share a target folder.
one_build_at_a_time() {
    mkdir -p "$bulwark_cache"
    exec 9>"$bulwark_cache/wasm-build.lock"
    if command -v flock >/dev/null; then
        flock -n 9 || {
            note 'another build is running: waiting for it'
            flock 9
        }
    else
        note 'flock is not installed: do not start a second build at the same time'
    fi
}

# What a contract is made of: a line for each crate, with version and features.
crates_of() {
    cargo tree --locked --quiet --edges normal,build --prefix none --target all \
        --format '{p} {f}' --package "$1" | sed 's/ (\*)$//' | LC_ALL=C sort -u
}

# The parts of the workspace's manifest that decide about the bytes.
manifest_of_all() {
    awk '/^\[/ { wanted = /^\[profile\.(release|wasm)/ || /^\[workspace\.package\]/ } wanted' Cargo.toml
}

# inputs_hash PACKAGE: a hash of everything that decides about its bytes: sources, versions,
# compiler, optimiser.
inputs_hash() {
    local crates files
    crates=$(crates_of "$1") || die "$1 is not among the packages"
    files=$(
        # The crates of this workspace stand there with their folders.
        printf '%s\n' "$crates" | sed -n 's/^.* (\(\/[^()]*\)).*$/\1/p' | while IFS= read -r folder; do
            find "${folder#"$root"/}/Cargo.toml" "${folder#"$root"/}/src" -type f
        done | LC_ALL=C sort
    )
    {
        printf '%s\n' "$wasm_toolchain" "$binaryen_version" "$cosmwasm_check_version"
        "$wasm_rustc" -vV
        manifest_of_all
        printf '%s\n' "$crates" | sed "s|($root/|(|"
        printf '%s\n' "$files"
        { printf '%s\n' "$files"; printf '%s\n' scripts/lib/wasm-*.sh; } |
            tr '\n' '\0' | xargs -0 cat
    } | sha256 /dev/stdin | cut -c 1-32
}

# build_one PACKAGE FILE: an optimised wasm of one contract.
build_one() {
    local package=$1 out=$2 name=${1//-/_} sysroot flags=() options=() variable
    sysroot=$("$wasm_rustc" --print sysroot)
    # The last one that fits wins: general folders first.
    flags=("${wasm_link_flags[@]}"
        "--remap-path-prefix=$bulwark_cache=/cache" "--remap-path-prefix=$sysroot=/rust"
        "--remap-path-prefix=$cargo_home=/cargo" "--remap-path-prefix=$root=/bulwark")
    # Nothing of the environment may change the bytes.
    while IFS= read -r variable; do
        options+=(-u "$variable")
    done < <(compgen -e | grep -E '^(CARGO_PROFILE_|CARGO_BUILD_|CARGO_TARGET_|RUSTFLAGS$|RUSTC)' || true)
    options+=("CARGO_ENCODED_RUSTFLAGS=$(
        IFS=$'\x1f'
        printf '%s' "${flags[*]}"
    )" "RUSTC=$wasm_rustc" "CARGO_TARGET_DIR=$wasm_work")
    if [ -n "$wasm_linker" ]; then
        options+=("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$wasm_linker")
    fi
    # One contract links another one as a library, without entry points, and Cargo puts both
    # under this name: what lies there need not be the contract.
    rm -f -- "$wasm_work/$wasm_target/$wasm_profile/deps/$name.wasm"
    quietly "building $package" env "${options[@]}" cargo build --package "$package" --lib --locked \
        --profile "$wasm_profile" --target "$wasm_target" || die "$package does not build for wasm"
    optimise "$wasm_work/$wasm_target/$wasm_profile/$name.wasm" "$out"
    refuse_machine_paths "$out" "$root" "$cargo_home" "$bulwark_cache" "$sysroot"
}

optimise() {
    local in=$1 out=$2 lowering=()
    if [ "$wasm_lowered" = true ]; then
        lowering=(--enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int
            --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue
            --llvm-memory-copy-fill-lowering --llvm-nontrapping-fptoint-lowering)
    fi
    quietly "optimising ${in##*/}" "$wasm_opt" -Oz ${lowering[@]+"${lowering[@]}"} "$in" -o "$out" ||
        die "wasm-opt refused ${in##*/}"
}

# refuse_machine_paths FILE FOLDER…
refuse_machine_paths() {
    local file=$1 folder
    shift
    for folder in "$@"; do
        if grep -aqF -- "$folder/" "$file"; then
            die "${file##*/} contains a path of this machine: $folder"
        fi
    done
}

# check PACKAGE FILE
check() {
    local package=$1 file=$2
    install_cosmwasm_check
    quietly "checking $package" "$cosmwasm_check" --available-capabilities "$capabilities" "$file" ||
        die "the virtual machine refuses $package"
}

# warn_if_too_large FILE: whether a chain would not store it.
warn_if_too_large() {
    local file=$1 size
    size=$(wc -c <"$file")
    if [ "$size" -gt "$largest_wasm" ]; then
        note "warning: $file has $size bytes, most chains store no more than $largest_wasm"
    fi
}

# provide PACKAGE FILE: its wasm, from the cache or newly built; checked unless `checked` is false.
provide() {
    local package=$1 out=$2 key built work
    key=$(inputs_hash "$package")
    built=$wasm_built/$package-$key.wasm
    if [ ! -f "$built" ]; then
        install_wasm_opt
        note "building $package with $wasm_toolchain"
        mkdir -p "$wasm_built"
        work=$(mktemp "$wasm_built/unfinished.XXXXXX")
        build_one "$package" "$work"
        chmod go+r "$work"
        mv -- "$work" "$built"
    fi
    touch "$built"
    # shellcheck disable=SC2154 # set by the script that sources this
    if $checked && [ ! -f "$built.checked" ]; then
        check "$package" "$built"
        touch "$built.checked"
    fi
    cp -- "$built" "$out"
}

# provide_all FOLDER: everything that goes into it.
provide_all() {
    local folder=$1 package
    # shellcheck disable=SC2154
    for package in $contracts; do
        provide "$package" "$folder/${package//-/_}.wasm"
    done
    write_checksums "$folder"
    # shellcheck disable=SC2154
    if [ -n "$test_contracts" ]; then
        mkdir "$folder/test-contracts"
        for package in $test_contracts; do
            provide "$package" "$folder/test-contracts/${package//-/_}.wasm"
        done
        write_checksums "$folder/test-contracts"
    fi
    printf '%s; binaryen %s\n' "$wasm_toolchain" "$binaryen_version" >"$folder/toolchain.txt"
}

write_checksums() {
    (cd "$1" && sha256 ./*.wasm | sed 's| \./| |' >checksums.txt)
}

# Those that were used last are kept: of each contract about the last ten.
forget_old_builds() {
    local old
    # shellcheck disable=SC2012 # the names are hashes
    ls -1t "$wasm_built"/*.wasm | tail -n +100 | while IFS= read -r old; do
        rm -f -- "$old" "$old.checked"
    done
}
